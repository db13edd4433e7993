// @generated automatically by Diesel CLI.

diesel::table! {
    accounts (id) {
        id -> Uuid,
        username -> Text,
        locality_id -> Nullable<Uuid>,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        kind -> Text,
        must_change_password -> Bool,
        version -> Int4,
        display_name -> Nullable<Text>,
        password_issued_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    activities (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        unit_id -> Uuid,
        state -> Text,
        kind -> Text,
        title -> Text,
        held_on -> Date,
        place -> Nullable<Text>,
        participants -> Nullable<Int8>,
        description -> Nullable<Text>,
        evidence -> Array<Nullable<Uuid>>,
        version -> Int4,
    }
}

diesel::table! {
    activity_versions (locality_id, activity_id, version) {
        locality_id -> Uuid,
        activity_id -> Uuid,
        version -> Int4,
        action -> Text,
        actor_id -> Uuid,
        at -> Timestamptz,
        reason -> Nullable<Text>,
        content -> Jsonb,
    }
}

diesel::table! {
    answers (locality_id, account_id, key) {
        locality_id -> Uuid,
        account_id -> Uuid,
        key -> Text,
        fingerprint -> Bytea,
        status -> Int2,
        body -> Jsonb,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        created_at -> Timestamptz,
        withheld -> Bool,
    }
}

diesel::table! {
    approved_changes (locality_id, movement_id, period, unit_id, revision) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        period -> Text,
        unit_id -> Uuid,
        revision -> Int4,
        former_revision -> Nullable<Int4>,
    }
}

diesel::table! {
    assessment_returns (locality_id, nomination_id, criterion, version) {
        locality_id -> Uuid,
        nomination_id -> Uuid,
        criterion -> Text,
        version -> Int4,
        reason -> Text,
        returned_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    assessments (locality_id, nomination_id, criterion, stage, assessor_id, version) {
        locality_id -> Uuid,
        nomination_id -> Uuid,
        criterion -> Text,
        stage -> Text,
        assessor_id -> Uuid,
        version -> Int4,
        points -> Nullable<Numeric>,
        passed -> Nullable<Bool>,
        comment -> Nullable<Text>,
        at -> Timestamptz,
        internal_comment -> Nullable<Text>,
        reason -> Nullable<Text>,
        round -> Int4,
    }
}

diesel::table! {
    audit_chain (locality_id, seq) {
        locality_id -> Uuid,
        seq -> Int8,
        record_id -> Uuid,
        previous -> Bytea,
        hash -> Bytea,
        chained_at -> Timestamptz,
    }
}

diesel::table! {
    audit_pending (locality_id, record_id) {
        locality_id -> Uuid,
        record_id -> Uuid,
    }
}

diesel::table! {
    audit_records (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        roles -> Array<Nullable<Text>>,
        action -> Text,
        subject -> Text,
        names -> Array<Nullable<Text>>,
        request_id -> Nullable<Uuid>,
        at -> Timestamptz,
        before_digest -> Nullable<Bytea>,
        after_digest -> Nullable<Bytea>,
        text_digest -> Bytea,
    }
}

diesel::table! {
    audit_texts (locality_id, record_id) {
        locality_id -> Uuid,
        record_id -> Uuid,
        salt -> Text,
        actor -> Text,
        reason -> Nullable<Text>,
        changes -> Jsonb,
    }
}

diesel::table! {
    award_acts (locality_id, decision_id, act) {
        locality_id -> Uuid,
        decision_id -> Uuid,
        act -> Int4,
        kind -> Text,
        nomination_id -> Uuid,
        member -> Nullable<Text>,
        text -> Nullable<Text>,
        reason -> Text,
        acted_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_certificates (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        decision_id -> Uuid,
        nomination_id -> Uuid,
        ordinal -> Int4,
        version -> Int4,
        code -> Text,
        recipient -> Jsonb,
        replaces -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        issued_by -> Uuid,
        issued_at -> Timestamptz,
        position -> Int8,
    }
}

diesel::table! {
    award_consultations (locality_id, proposal_id, agency, version) {
        locality_id -> Uuid,
        proposal_id -> Uuid,
        agency -> Text,
        version -> Int4,
        name -> Text,
        asked_on -> Date,
        answer -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        document -> Nullable<Text>,
        response -> Nullable<Text>,
        recorded_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_decision_candidates (locality_id, decision_id, nomination_id) {
        locality_id -> Uuid,
        decision_id -> Uuid,
        nomination_id -> Uuid,
        ordinal -> Nullable<Int4>,
        place -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    award_decisions (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        proposal_id -> Uuid,
        movement_id -> Uuid,
        award -> Text,
        signed_as -> Text,
        decided_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    award_notices (locality_id, unit_id, decision_id, nomination_id, act) {
        locality_id -> Uuid,
        unit_id -> Uuid,
        decision_id -> Uuid,
        nomination_id -> Uuid,
        act -> Int4,
        kind -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_objection_answers (locality_id, objection_id) {
        locality_id -> Uuid,
        objection_id -> Uuid,
        text -> Text,
        answered_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_objections (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        proposal_id -> Uuid,
        nomination_id -> Nullable<Uuid>,
        text -> Text,
        raised_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_postings (locality_id, proposal_id) {
        locality_id -> Uuid,
        proposal_id -> Uuid,
        working_days -> Int4,
        posted_on -> Date,
        ends_on -> Date,
        posted_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_proposal_candidates (locality_id, proposal_id, nomination_id) {
        locality_id -> Uuid,
        proposal_id -> Uuid,
        nomination_id -> Uuid,
        position -> Int4,
        rank -> Int4,
        standing -> Nullable<Text>,
        place -> Nullable<Text>,
        passed -> Nullable<Bool>,
        awarded -> Bool,
        selected -> Nullable<Int4>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    award_proposal_ends (locality_id, proposal_id) {
        locality_id -> Uuid,
        proposal_id -> Uuid,
        state -> Text,
        reason -> Nullable<Text>,
        ended_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_proposals (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        award -> Text,
        ranking_id -> Uuid,
        quota -> Int4,
        quota_reason -> Nullable<Text>,
        late -> Bool,
        late_reason -> Nullable<Text>,
        proposed_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        proposed_at -> Timestamptz,
    }
}

diesel::table! {
    award_publications (locality_id, decision_id) {
        locality_id -> Uuid,
        decision_id -> Uuid,
        reason -> Nullable<Text>,
        published_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    award_registrations (locality_id, issuer, paper_type, year, number) {
        locality_id -> Uuid,
        issuer -> Text,
        paper_type -> Text,
        year -> Int4,
        number -> Int4,
        dated_on -> Date,
        decision_id -> Uuid,
        act -> Int4,
        registered_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        at -> Timestamptz,
    }
}

diesel::table! {
    award_signed_chunks (locality_id, decision_id, version, number) {
        locality_id -> Uuid,
        decision_id -> Uuid,
        version -> Int4,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    award_signed_files (locality_id, decision_id, version) {
        locality_id -> Uuid,
        decision_id -> Uuid,
        version -> Int4,
        kind -> Text,
        size -> Int8,
        sha256 -> Bytea,
        taken_by -> Uuid,
        acting_for -> Array<Nullable<Uuid>>,
        at -> Timestamptz,
    }
}

diesel::table! {
    calendars (locality_id, year) {
        locality_id -> Uuid,
        year -> Int4,
        holidays -> Jsonb,
        working_days -> Jsonb,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    client_assertions (client_id, jti) {
        client_id -> Uuid,
        jti -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    client_secrets (digest) {
        digest -> Bytea,
        client_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        name -> Text,
        locality_id -> Nullable<Uuid>,
        unit_id -> Nullable<Uuid>,
        scope -> Text,
        jwks -> Jsonb,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    concern_acts (locality_id, concern_id, version) {
        locality_id -> Uuid,
        concern_id -> Uuid,
        version -> Int4,
        action -> Text,
        actor_id -> Uuid,
        at -> Timestamptz,
        summary_id -> Nullable<Uuid>,
        outcome -> Nullable<Text>,
        text -> Nullable<Text>,
    }
}

diesel::table! {
    concerns (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        unit_id -> Uuid,
        kind -> Text,
        title -> Text,
        text -> Text,
        indicator -> Nullable<Text>,
        period -> Nullable<Text>,
        state -> Text,
        summary_id -> Nullable<Uuid>,
        raised_by -> Uuid,
        raised_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    council_attendances (locality_id, session_id, member_id) {
        locality_id -> Uuid,
        session_id -> Uuid,
        member_id -> Uuid,
        attendance -> Text,
    }
}

diesel::table! {
    council_members (locality_id, account_id, version) {
        locality_id -> Uuid,
        account_id -> Uuid,
        version -> Int4,
        unit_id -> Nullable<Uuid>,
        person_id -> Nullable<Uuid>,
        recorded_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    council_sessions (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        award -> Text,
        state -> Text,
        held_on -> Date,
        notes -> Nullable<Text>,
        replaces -> Nullable<Uuid>,
        rules -> Jsonb,
        outcome -> Nullable<Jsonb>,
        opened_by -> Uuid,
        opened_at -> Timestamptz,
        closed_by -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    council_votes (locality_id, session_id, nomination_id, version) {
        locality_id -> Uuid,
        session_id -> Uuid,
        nomination_id -> Uuid,
        version -> Int4,
        count -> Jsonb,
        votes -> Nullable<Jsonb>,
        recused -> Array<Nullable<Uuid>>,
        counted_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    deleted_movements (locality_id, code) {
        locality_id -> Uuid,
        code -> Text,
        version -> Int4,
    }
}

diesel::table! {
    disclosures (locality_id, nomination_id, criterion, round) {
        locality_id -> Uuid,
        nomination_id -> Uuid,
        criterion -> Text,
        round -> Int4,
        members -> Array<Nullable<Uuid>>,
        at -> Timestamptz,
        council -> Nullable<Array<Nullable<Uuid>>>,
    }
}

diesel::table! {
    document_templates (locality_id, paper, version) {
        locality_id -> Uuid,
        paper -> Text,
        version -> Int4,
        wording -> Jsonb,
        changed_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    due_changes (locality_id, movement_id, period, version) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        period -> Text,
        version -> Int4,
        former_due_at -> Timestamptz,
        due_at -> Timestamptz,
        reason -> Text,
        changed_by -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    event_numbers (locality_id, seq) {
        locality_id -> Uuid,
        seq -> Int8,
        event_id -> Uuid,
    }
}

diesel::table! {
    event_queue (locality_id, event_id) {
        locality_id -> Uuid,
        event_id -> Uuid,
        place -> Int8,
    }
}

diesel::table! {
    events (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        #[sql_name = "type"]
        type_ -> Text,
        movement -> Text,
        subject -> Text,
        occurred_at -> Timestamptz,
        data -> Jsonb,
        once -> Nullable<Text>,
    }
}

diesel::table! {
    evidence (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        period -> Text,
        unit_id -> Uuid,
        name -> Nullable<Text>,
        kind -> Nullable<Text>,
        size -> Nullable<Int8>,
        sha256 -> Nullable<Bytea>,
        link -> Nullable<Text>,
        number -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        issuer -> Nullable<Text>,
        excerpt -> Nullable<Text>,
        uploaded_by -> Uuid,
        uploaded_at -> Timestamptz,
    }
}

diesel::table! {
    evidence_chunks (locality_id, evidence_id, number) {
        locality_id -> Uuid,
        evidence_id -> Uuid,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    external_accounts (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        account_id -> Uuid,
    }
}

diesel::table! {
    generations (locality) {
        locality -> Uuid,
        generation -> Uuid,
    }
}

diesel::table! {
    household_versions (locality_id, household_id, valid_from) {
        locality_id -> Uuid,
        household_id -> Uuid,
        valid_from -> Date,
        head -> Text,
        unit_id -> Uuid,
        search_name -> Text,
        sort_name -> Text,
    }
}

diesel::table! {
    households (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        forgotten_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    import_chunks (locality_id, import_id, number) {
        locality_id -> Uuid,
        import_id -> Uuid,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    imports (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        asked_by -> Uuid,
        asked -> Jsonb,
        state -> Text,
        attempts -> Int4,
        received -> Int4,
        done -> Int4,
        answer -> Nullable<Jsonb>,
        asked_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    initiative_duplicates (locality_id, initiative_id) {
        locality_id -> Uuid,
        initiative_id -> Uuid,
        duplicate_of -> Uuid,
        reason -> Text,
        marked_by -> Uuid,
        marked_at -> Timestamptz,
    }
}

diesel::table! {
    initiative_owners (locality_id, initiative_id, position) {
        locality_id -> Uuid,
        initiative_id -> Uuid,
        position -> Int4,
        unit_id -> Nullable<Uuid>,
        person_id -> Nullable<Uuid>,
        household_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    initiative_replications (locality_id, initiative_id, version) {
        locality_id -> Uuid,
        initiative_id -> Uuid,
        version -> Int4,
        unit_id -> Uuid,
        used_from -> Date,
        note -> Nullable<Text>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        withdrawn_by -> Nullable<Uuid>,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawn_reason -> Nullable<Text>,
    }
}

diesel::table! {
    initiatives (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        title -> Text,
        summary -> Text,
        state -> Text,
        level -> Nullable<Text>,
        reason -> Nullable<Text>,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        version -> Int4,
        proposed_for -> Array<Nullable<Uuid>>,
    }
}

diesel::table! {
    jobs (id) {
        id -> Uuid,
        name -> Text,
        payload -> Jsonb,
        once -> Nullable<Text>,
        state -> Text,
        attempts -> Int4,
        run_at -> Timestamptz,
        leased_until -> Nullable<Timestamptz>,
        error -> Nullable<Text>,
        created_at -> Timestamptz,
        lease_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    legal_bases (locality_id, code, version) {
        locality_id -> Uuid,
        code -> Text,
        version -> Int4,
        basis -> Jsonb,
        recorded_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    legal_figures (locality_id, code, valid_from, version) {
        locality_id -> Uuid,
        code -> Text,
        valid_from -> Date,
        version -> Int4,
        value -> Numeric,
        source -> Text,
        recorded_by -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    localities (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    login_addresses (account_id, address) {
        account_id -> Uuid,
        address -> Text,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    login_failures (username, at, id) {
        username -> Text,
        at -> Timestamptz,
        id -> Uuid,
        address -> Text,
        known -> Bool,
    }
}

diesel::table! {
    movements (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        code -> Text,
        template -> Nullable<Text>,
        state -> Text,
        created_at -> Timestamptz,
        launched_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        concluded_at -> Nullable<Timestamptz>,
        version -> Int4,
        plan_version -> Int4,
    }
}

diesel::table! {
    nomination_events (locality_id, nomination_id, version) {
        locality_id -> Uuid,
        nomination_id -> Uuid,
        version -> Int4,
        action -> Text,
        actor_id -> Uuid,
        at -> Timestamptz,
        reason -> Nullable<Text>,
        dossier -> Jsonb,
        acting_for -> Array<Nullable<Uuid>>,
    }
}

diesel::table! {
    nominations (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        award -> Text,
        unit_id -> Nullable<Uuid>,
        person_id -> Nullable<Uuid>,
        participant_group -> Text,
        state -> Text,
        achievement -> Text,
        self_scores -> Jsonb,
        direct_work -> Bool,
        on_behalf_reason -> Nullable<Text>,
        reason -> Nullable<Text>,
        hold_reason -> Nullable<Text>,
        hold_source -> Nullable<Text>,
        version -> Int4,
        household_id -> Nullable<Uuid>,
        evidence -> Array<Nullable<Uuid>>,
        initiatives -> Array<Nullable<Uuid>>,
        facts -> Jsonb,
    }
}

diesel::table! {
    password_codes (id) {
        id -> Uuid,
        account_id -> Uuid,
        digest -> Bytea,
        second_digest -> Nullable<Bytea>,
        issued_by -> Uuid,
        valid_until -> Timestamptz,
        needs_confirmation -> Bool,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    people (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        forgotten_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    periods (locality_id, movement_id, code) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        code -> Text,
        starts_on -> Date,
        cutoff_on -> Date,
        due_at -> Timestamptz,
        state -> Text,
        reason -> Nullable<Text>,
        version -> Int4,
        original_due_at -> Nullable<Timestamptz>,
        due_reason -> Nullable<Text>,
    }
}

diesel::table! {
    person_versions (locality_id, person_id, valid_from) {
        locality_id -> Uuid,
        person_id -> Uuid,
        valid_from -> Date,
        name -> Text,
        kind -> Text,
        position -> Nullable<Text>,
        unit_id -> Nullable<Uuid>,
        search_name -> Text,
        sort_name -> Text,
    }
}

diesel::table! {
    plan_versions (locality_id, movement_id, version) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        version -> Int4,
        effective_from -> Date,
        document -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    proof_keys (controller, key) {
        controller -> Text,
        key -> Text,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    rankings (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        award -> Text,
        mode -> Text,
        state -> Text,
        as_of -> Timestamptz,
        late -> Bool,
        plan_version -> Int4,
        engine -> Int4,
        inputs -> Jsonb,
        output -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
        texts -> Jsonb,
        seal -> Nullable<Jsonb>,
        replays -> Nullable<Uuid>,
    }
}

diesel::table! {
    recusals (locality_id, nomination_id, member_id) {
        locality_id -> Uuid,
        nomination_id -> Uuid,
        member_id -> Uuid,
        reason -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    refresh_tokens (digest) {
        digest -> Bytea,
        sign_in_id -> Uuid,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        used_from -> Nullable<Bytea>,
        successor -> Nullable<Bytea>,
    }
}

diesel::table! {
    revision_values (locality_id, submission_id, revision, indicator, field) {
        locality_id -> Uuid,
        submission_id -> Uuid,
        revision -> Int4,
        indicator -> Text,
        field -> Text,
        state -> Text,
        numerator -> Nullable<Int8>,
        denominator -> Nullable<Int8>,
        count -> Nullable<Int8>,
        level -> Nullable<Text>,
        value -> Nullable<Numeric>,
        rank -> Nullable<Int8>,
        population -> Nullable<Int8>,
        estimated -> Bool,
        explanation -> Nullable<Text>,
        evidence -> Array<Nullable<Uuid>>,
        decimals -> Int2,
    }
}

diesel::table! {
    role_grants (id) {
        id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        locality_id -> Nullable<Uuid>,
        unit_id -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        ended_at -> Nullable<Timestamptz>,
        delegated_from -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        granted_by -> Nullable<Uuid>,
        confirm_until -> Nullable<Timestamptz>,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sign_ins (id) {
        id -> Uuid,
        account_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        x -> Text,
        issuer -> Text,
        signed_at -> Timestamptz,
    }
}

diesel::table! {
    submission_events (locality_id, submission_id, version) {
        locality_id -> Uuid,
        submission_id -> Uuid,
        version -> Int4,
        action -> Text,
        revision -> Int4,
        actor_id -> Uuid,
        at -> Timestamptz,
        reason -> Nullable<Text>,
        remarks -> Jsonb,
        acting_for -> Array<Nullable<Uuid>>,
    }
}

diesel::table! {
    submission_revisions (locality_id, submission_id, revision) {
        locality_id -> Uuid,
        submission_id -> Uuid,
        revision -> Int4,
        narrative -> Nullable<Text>,
        submitted_by -> Uuid,
        submitted_at -> Timestamptz,
        on_behalf -> Nullable<Jsonb>,
    }
}

diesel::table! {
    submissions (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        movement_id -> Uuid,
        period -> Text,
        unit_id -> Uuid,
        state -> Text,
        draft -> Jsonb,
        revision -> Int4,
        first_submitted_at -> Nullable<Timestamptz>,
        late -> Bool,
        lateness_excuse -> Nullable<Text>,
        updated_at -> Timestamptz,
        version -> Int4,
        drafted_by -> Array<Nullable<Uuid>>,
        approved_revision -> Nullable<Int4>,
    }
}

diesel::table! {
    totals (locality_id, movement_id) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        generation -> Uuid,
        wrong -> Int4,
    }
}

diesel::table! {
    totals_by_period (locality_id, movement_id, period) {
        locality_id -> Uuid,
        movement_id -> Uuid,
        period -> Text,
        parts -> Text,
    }
}

diesel::table! {
    unit_versions (locality_id, unit_id, valid_from) {
        locality_id -> Uuid,
        unit_id -> Uuid,
        valid_from -> Date,
        name -> Text,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    units (locality_id, id) {
        locality_id -> Uuid,
        id -> Uuid,
        code -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        external_codes -> Jsonb,
        version -> Int4,
        successor_id -> Nullable<Uuid>,
    }
}

diesel::joinable!(accounts -> localities (locality_id));
diesel::joinable!(calendars -> localities (locality_id));
diesel::joinable!(client_assertions -> clients (client_id));
diesel::joinable!(client_secrets -> clients (client_id));
diesel::joinable!(clients -> accounts (id));
diesel::joinable!(document_templates -> localities (locality_id));
diesel::joinable!(external_accounts -> accounts (account_id));
diesel::joinable!(generations -> localities (locality));
diesel::joinable!(households -> localities (locality_id));
diesel::joinable!(legal_bases -> localities (locality_id));
diesel::joinable!(legal_figures -> localities (locality_id));
diesel::joinable!(login_addresses -> accounts (account_id));
diesel::joinable!(movements -> localities (locality_id));
diesel::joinable!(people -> localities (locality_id));
diesel::joinable!(refresh_tokens -> sign_ins (sign_in_id));
diesel::joinable!(sign_ins -> accounts (account_id));
diesel::joinable!(units -> localities (locality_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    activities,
    activity_versions,
    answers,
    approved_changes,
    assessment_returns,
    assessments,
    audit_chain,
    audit_pending,
    audit_records,
    audit_texts,
    award_acts,
    award_certificates,
    award_consultations,
    award_decision_candidates,
    award_decisions,
    award_notices,
    award_objection_answers,
    award_objections,
    award_postings,
    award_proposal_candidates,
    award_proposal_ends,
    award_proposals,
    award_publications,
    award_registrations,
    award_signed_chunks,
    award_signed_files,
    calendars,
    client_assertions,
    client_secrets,
    clients,
    concern_acts,
    concerns,
    council_attendances,
    council_members,
    council_sessions,
    council_votes,
    deleted_movements,
    disclosures,
    document_templates,
    due_changes,
    event_numbers,
    event_queue,
    events,
    evidence,
    evidence_chunks,
    external_accounts,
    generations,
    household_versions,
    households,
    import_chunks,
    imports,
    initiative_duplicates,
    initiative_owners,
    initiative_replications,
    initiatives,
    jobs,
    legal_bases,
    legal_figures,
    localities,
    login_addresses,
    login_failures,
    movements,
    nomination_events,
    nominations,
    password_codes,
    people,
    periods,
    person_versions,
    plan_versions,
    proof_keys,
    rankings,
    recusals,
    refresh_tokens,
    revision_values,
    role_grants,
    sign_ins,
    signing_keys,
    submission_events,
    submission_revisions,
    submissions,
    totals,
    totals_by_period,
    unit_versions,
    units,
);
