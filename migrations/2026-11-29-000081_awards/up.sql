-- From the list to the decision: proposals, consultations, postings, objections, decisions, their numbers, the signed papers,
-- certificates, publication, and the acts after it. All rows are only inserted: a state is the rows that are there.

-- Texts may give way when the retention of a person they name ends; they are the trigger's arguments.
CREATE FUNCTION refuse_award_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
        IF OLD IS DISTINCT FROM NEW AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what was proposed and decided is kept: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- A proposal (tờ trình) on one award, of an official run.
CREATE TABLE award_proposals (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    movement_id uuid NOT NULL,
    award text NOT NULL,
    ranking_id uuid NOT NULL,
    -- Of the run.
    quota integer NOT NULL,
    -- Why the selection is beyond the quota or below it.
    quota_reason text,
    -- After the plan's day; with the reason.
    late boolean NOT NULL,
    late_reason text,
    proposed_by uuid NOT NULL,
    -- Who delegated the role by which it was made.
    acting_for uuid[] NOT NULL,
    proposed_at timestamptz NOT NULL,
    CONSTRAINT award_proposals_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT award_proposals_movement_fkey FOREIGN KEY (locality_id, movement_id)
        REFERENCES movements (locality_id, id),
    CONSTRAINT award_proposals_ranking_fkey FOREIGN KEY (locality_id, ranking_id) REFERENCES rankings (locality_id, id),
    CONSTRAINT award_proposals_late_check CHECK (late = (late_reason IS NOT NULL))
);
CREATE INDEX award_proposals_award_idx ON award_proposals (locality_id, movement_id, award, proposed_at, id);

-- The three lists side by side: everybody who was ranked.
CREATE TABLE award_proposal_candidates (
    locality_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    -- In the order of the run, from 1.
    position integer NOT NULL,
    rank integer NOT NULL,
    -- Null: left to people.
    standing text,
    -- The place (giải) that the run gives.
    place text,
    -- Whether the council passed them; null where it did not vote on them.
    passed boolean,
    -- Had the award then by an earlier decision, and is not proposed again.
    awarded boolean NOT NULL,
    -- In the proposal, from 1 in its order; null: not selected.
    selected integer,
    reason text,
    CONSTRAINT award_proposal_candidates_pkey PRIMARY KEY (locality_id, proposal_id, nomination_id),
    CONSTRAINT award_proposal_candidates_position_key UNIQUE (locality_id, proposal_id, position),
    CONSTRAINT award_proposal_candidates_selected_key UNIQUE (locality_id, proposal_id, selected),
    CONSTRAINT award_proposal_candidates_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id),
    CONSTRAINT award_proposal_candidates_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
CREATE INDEX award_proposal_candidates_of_idx ON award_proposal_candidates (locality_id, nomination_id);

-- How a proposal ended: there is one end.
CREATE TABLE award_proposal_ends (
    locality_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    state text NOT NULL,
    reason text,
    ended_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_proposal_ends_pkey PRIMARY KEY (locality_id, proposal_id),
    CONSTRAINT award_proposal_ends_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id),
    CONSTRAINT award_proposal_ends_state_check CHECK (state IN ('returned', 'withdrawn', 'decided'))
);

-- What an agency was asked, and what it answered; the newest version counts.
CREATE TABLE award_consultations (
    locality_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    -- A code that the caller chooses.
    agency text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    asked_on date NOT NULL,
    -- Null: not answered yet.
    answer text,
    -- The day of the answer; of none, the day by which it was to come.
    answered_on date,
    -- Number and day of the letter, or where it is.
    document text,
    -- What is done about an objection.
    response text,
    recorded_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_consultations_pkey PRIMARY KEY (locality_id, proposal_id, agency, version),
    CONSTRAINT award_consultations_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id),
    CONSTRAINT award_consultations_answer_check CHECK (answer IN ('no_objection', 'objection', 'no_answer_by')),
    CONSTRAINT award_consultations_day_check CHECK ((answer IS NULL) = (answered_on IS NULL))
);

-- The posting for comments, once. Of 0 working days: there was none.
CREATE TABLE award_postings (
    locality_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    working_days integer NOT NULL,
    posted_on date NOT NULL,
    -- The last day for objections.
    ends_on date NOT NULL,
    posted_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_postings_pkey PRIMARY KEY (locality_id, proposal_id),
    CONSTRAINT award_postings_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id)
);

CREATE TABLE award_objections (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    -- Whom it is about; null: the whole list.
    nomination_id uuid,
    text text NOT NULL,
    raised_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_objections_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT award_objections_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id),
    CONSTRAINT award_objections_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
CREATE INDEX award_objections_proposal_idx ON award_objections (locality_id, proposal_id, id);

CREATE TABLE award_objection_answers (
    locality_id uuid NOT NULL,
    objection_id uuid NOT NULL,
    text text NOT NULL,
    answered_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_objection_answers_pkey PRIMARY KEY (locality_id, objection_id),
    CONSTRAINT award_objection_answers_objection_fkey FOREIGN KEY (locality_id, objection_id)
        REFERENCES award_objections (locality_id, id)
);

-- A decision on a proposal.
CREATE TABLE award_decisions (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    movement_id uuid NOT NULL,
    award text NOT NULL,
    -- chair, or deputy: for the chair (KT.).
    signed_as text NOT NULL,
    decided_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT award_decisions_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT award_decisions_proposal_key UNIQUE (locality_id, proposal_id),
    CONSTRAINT award_decisions_proposal_fkey FOREIGN KEY (locality_id, proposal_id)
        REFERENCES award_proposals (locality_id, id),
    CONSTRAINT award_decisions_signed_as_check CHECK (signed_as IN ('chair', 'deputy'))
);
CREATE INDEX award_decisions_award_idx ON award_decisions (locality_id, movement_id, award, decided_at, id);

-- Everybody of the proposal's selection, and whoever was accepted beside.
CREATE TABLE award_decision_candidates (
    locality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    -- In the decision, from 1 without gaps (số sổ vàng); null: not accepted.
    ordinal integer,
    place text,
    reason text,
    CONSTRAINT award_decision_candidates_pkey PRIMARY KEY (locality_id, decision_id, nomination_id),
    CONSTRAINT award_decision_candidates_ordinal_key UNIQUE (locality_id, decision_id, ordinal),
    CONSTRAINT award_decision_candidates_decision_fkey FOREIGN KEY (locality_id, decision_id)
        REFERENCES award_decisions (locality_id, id),
    CONSTRAINT award_decision_candidates_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
CREATE INDEX award_decision_candidates_of_idx ON award_decision_candidates (locality_id, nomination_id);

-- Acts on a registered decision: a revocation, or a correction of one published field.
CREATE TABLE award_acts (
    locality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    -- From 1.
    act integer NOT NULL,
    kind text NOT NULL,
    nomination_id uuid NOT NULL,
    member text,
    text text,
    reason text NOT NULL,
    acted_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_acts_pkey PRIMARY KEY (locality_id, decision_id, act),
    CONSTRAINT award_acts_candidate_fkey FOREIGN KEY (locality_id, decision_id, nomination_id)
        REFERENCES award_decision_candidates (locality_id, decision_id, nomination_id),
    CONSTRAINT award_acts_kind_check CHECK (kind IN ('revocation', 'correction')),
    CONSTRAINT award_acts_member_check CHECK ((kind = 'correction') = (member IS NOT NULL)),
    CONSTRAINT award_acts_text_check CHECK (member IN ('name', 'position', 'unit', 'achievement'))
);
-- Nobody loses an award twice.
CREATE UNIQUE INDEX award_acts_revocation_key ON award_acts (locality_id, decision_id, nomination_id)
    WHERE kind = 'revocation';

-- Numbers of the registry (văn thư), each given once; it numbers other papers too, so that there are gaps.
CREATE TABLE award_registrations (
    locality_id uuid NOT NULL,
    issuer text NOT NULL,
    paper_type text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    dated_on date NOT NULL,
    decision_id uuid NOT NULL,
    -- 0: the decision itself.
    act integer NOT NULL,
    registered_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_registrations_pkey PRIMARY KEY (locality_id, issuer, paper_type, year, number),
    CONSTRAINT award_registrations_paper_key UNIQUE (locality_id, decision_id, act),
    CONSTRAINT award_registrations_decision_fkey FOREIGN KEY (locality_id, decision_id)
        REFERENCES award_decisions (locality_id, id)
);

-- The signed paper; the newest version counts.
CREATE TABLE award_signed_files (
    locality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    taken_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_signed_files_pkey PRIMARY KEY (locality_id, decision_id, version),
    CONSTRAINT award_signed_files_decision_fkey FOREIGN KEY (locality_id, decision_id)
        REFERENCES award_decisions (locality_id, id),
    CONSTRAINT award_signed_files_kind_check CHECK (kind IN ('pdf', 'png', 'jpeg'))
);

CREATE TABLE award_signed_chunks (
    locality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    version integer NOT NULL,
    -- From 0.
    number integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT award_signed_chunks_pkey PRIMARY KEY (locality_id, decision_id, version, number),
    CONSTRAINT award_signed_chunks_file_fkey FOREIGN KEY (locality_id, decision_id, version)
        REFERENCES award_signed_files (locality_id, decision_id, version)
);
ALTER TABLE award_signed_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Certificates (Giấy khen), with what is published of the award: of each ordinal the newest version counts.
CREATE TABLE award_certificates (
    locality_id uuid NOT NULL,
    id uuid NOT NULL,
    decision_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    ordinal integer NOT NULL,
    version integer NOT NULL,
    -- Unguessable; whoever has it may ask whether the certificate stands.
    code text NOT NULL,
    -- The published fields: name, position, unit, achievement.
    recipient jsonb NOT NULL,
    replaces uuid,
    reason text,
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    CONSTRAINT award_certificates_pkey PRIMARY KEY (locality_id, id),
    CONSTRAINT award_certificates_version_key UNIQUE (locality_id, decision_id, ordinal, version),
    CONSTRAINT award_certificates_code_key UNIQUE (locality_id, code),
    CONSTRAINT award_certificates_replaces_key UNIQUE (locality_id, replaces),
    CONSTRAINT award_certificates_candidate_fkey FOREIGN KEY (locality_id, decision_id, nomination_id)
        REFERENCES award_decision_candidates (locality_id, decision_id, nomination_id),
    CONSTRAINT award_certificates_replaces_fkey FOREIGN KEY (locality_id, replaces)
        REFERENCES award_certificates (locality_id, id),
    CONSTRAINT award_certificates_first_check CHECK ((version = 1) = (replaces IS NULL)),
    CONSTRAINT award_certificates_reason_check CHECK ((version = 1) = (reason IS NULL))
);
-- Whoever asks by a code names no locality.
CREATE INDEX award_certificates_code_idx ON award_certificates (code);

-- A published decision; it stays so.
CREATE TABLE award_publications (
    locality_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    -- Why without the signed paper.
    reason text,
    published_by uuid NOT NULL,
    acting_for uuid[] NOT NULL,
    published_at timestamptz NOT NULL,
    CONSTRAINT award_publications_pkey PRIMARY KEY (locality_id, decision_id),
    CONSTRAINT award_publications_decision_fkey FOREIGN KEY (locality_id, decision_id)
        REFERENCES award_decisions (locality_id, id)
);

-- What the proposing units are told, of each of their candidates.
CREATE TABLE award_notices (
    locality_id uuid NOT NULL,
    unit_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    -- 0: the publication; else the act.
    act integer NOT NULL,
    -- awarded, not_awarded, revoked, corrected.
    kind text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT award_notices_pkey PRIMARY KEY (locality_id, unit_id, decision_id, nomination_id, act),
    CONSTRAINT award_notices_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT award_notices_decision_fkey FOREIGN KEY (locality_id, decision_id)
        REFERENCES award_decisions (locality_id, id),
    CONSTRAINT award_notices_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id),
    CONSTRAINT award_notices_kind_check CHECK (kind IN ('awarded', 'not_awarded', 'revoked', 'corrected'))
);

CREATE TRIGGER award_proposals_insert_only BEFORE UPDATE OR DELETE ON award_proposals
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('quota_reason', 'late_reason');
CREATE TRIGGER award_proposals_no_truncate BEFORE TRUNCATE ON award_proposals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_proposal_candidates_insert_only BEFORE UPDATE OR DELETE ON award_proposal_candidates
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('reason');
CREATE TRIGGER award_proposal_candidates_no_truncate BEFORE TRUNCATE ON award_proposal_candidates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_proposal_ends_insert_only BEFORE UPDATE OR DELETE ON award_proposal_ends
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('reason');
CREATE TRIGGER award_proposal_ends_no_truncate BEFORE TRUNCATE ON award_proposal_ends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_consultations_insert_only BEFORE UPDATE OR DELETE ON award_consultations
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('document', 'response');
CREATE TRIGGER award_consultations_no_truncate BEFORE TRUNCATE ON award_consultations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_postings_insert_only BEFORE UPDATE OR DELETE ON award_postings
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_postings_no_truncate BEFORE TRUNCATE ON award_postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_objections_insert_only BEFORE UPDATE OR DELETE ON award_objections
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('text');
CREATE TRIGGER award_objections_no_truncate BEFORE TRUNCATE ON award_objections
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_objection_answers_insert_only BEFORE UPDATE OR DELETE ON award_objection_answers
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('text');
CREATE TRIGGER award_objection_answers_no_truncate BEFORE TRUNCATE ON award_objection_answers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_decisions_insert_only BEFORE UPDATE OR DELETE ON award_decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_decisions_no_truncate BEFORE TRUNCATE ON award_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_decision_candidates_insert_only BEFORE UPDATE OR DELETE ON award_decision_candidates
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('reason');
CREATE TRIGGER award_decision_candidates_no_truncate BEFORE TRUNCATE ON award_decision_candidates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_acts_insert_only BEFORE UPDATE OR DELETE ON award_acts
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('reason');
CREATE TRIGGER award_acts_no_truncate BEFORE TRUNCATE ON award_acts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_registrations_insert_only BEFORE UPDATE OR DELETE ON award_registrations
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_registrations_no_truncate BEFORE TRUNCATE ON award_registrations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_signed_files_insert_only BEFORE UPDATE OR DELETE ON award_signed_files
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_signed_files_no_truncate BEFORE TRUNCATE ON award_signed_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_signed_chunks_insert_only BEFORE UPDATE OR DELETE ON award_signed_chunks
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_signed_chunks_no_truncate BEFORE TRUNCATE ON award_signed_chunks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_certificates_insert_only BEFORE UPDATE OR DELETE ON award_certificates
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('recipient', 'reason');
CREATE TRIGGER award_certificates_no_truncate BEFORE TRUNCATE ON award_certificates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_publications_insert_only BEFORE UPDATE OR DELETE ON award_publications
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change('reason');
CREATE TRIGGER award_publications_no_truncate BEFORE TRUNCATE ON award_publications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_notices_insert_only BEFORE UPDATE OR DELETE ON award_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_award_change();
CREATE TRIGGER award_notices_no_truncate BEFORE TRUNCATE ON award_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_award_change();
