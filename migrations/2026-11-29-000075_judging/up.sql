-- Who judges, and what they may not: remarks that stay inside, criteria sent back to the appraiser, members of the council
-- with what ties them to candidates, recusals. Rows are only inserted.

ALTER TABLE assessments
    -- For those who judge; the candidate's unit never reads it.
    ADD COLUMN internal_comment text,
    -- Why a ballot was cast again after others were to be seen.
    ADD COLUMN reason text;

-- An appraisal in need of correction. It is sent back for as long as no newer one stands.
CREATE TABLE assessment_returns (
    locality_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    criterion text NOT NULL,
    -- Of the appraisal.
    version integer NOT NULL,
    reason text NOT NULL,
    returned_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT assessment_returns_pkey PRIMARY KEY (locality_id, nomination_id, criterion, version),
    CONSTRAINT assessment_returns_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);

-- Who a member of the council is beside their account: the unit they work in, the person they are. The newest counts.
CREATE TABLE council_members (
    locality_id uuid NOT NULL,
    account_id uuid NOT NULL,
    version integer NOT NULL,
    unit_id uuid,
    person_id uuid,
    recorded_by uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT council_members_pkey PRIMARY KEY (locality_id, account_id, version),
    CONSTRAINT council_members_unit_fkey FOREIGN KEY (locality_id, unit_id) REFERENCES units (locality_id, id),
    CONSTRAINT council_members_person_fkey FOREIGN KEY (locality_id, person_id) REFERENCES people (locality_id, id)
);

-- A member who declared that they do not judge a candidate.
CREATE TABLE recusals (
    locality_id uuid NOT NULL,
    nomination_id uuid NOT NULL,
    member_id uuid NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT recusals_pkey PRIMARY KEY (locality_id, nomination_id, member_id),
    CONSTRAINT recusals_nomination_fkey FOREIGN KEY (locality_id, nomination_id)
        REFERENCES nominations (locality_id, id)
);
