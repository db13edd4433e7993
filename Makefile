# Everything a person types. What these need is installed by themselves.

.PHONY: run test lint openapi schema bench check-all

# The service with the Hồng Vân movement, on a Postgres of its own in .data
run:
	@scripts/postgres.sh
	@cargo build --locked
	@RUST_LOG=$${RUST_LOG:-warn} cargo run --locked -q -- demo || \
		echo 'the sample story was not told again (was a sample password changed?); the service starts all the same'
	@cargo run --locked -q -- serve

# Every test; starts its own Postgres
test:
	@scripts/postgres.sh
	cargo test --locked

lint:
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings

# The committed contract and plan schema, from the code
openapi:
	@mkdir -p openapi
	cargo run --locked -q -- openapi > openapi/openapi.json.new && mv openapi/openapi.json.new openapi/openapi.json
	cargo run --locked -q -- plan schema > plans/plan.schema.json.new && mv plans/plan.schema.json.new plans/plan.schema.json

# src/db/schema.rs from a migrated database; needs diesel_cli and DATABASE_URL of an empty one
schema:
	diesel migration run

# Speed beside limits and peers, into docs/PERFORMANCE.md; SET=all for more clients and the history twenty times as long
bench:
	@benches/run.sh

# What .ci/run does, and what is slower
check-all:
	.ci/run
	cargo test --locked --test api -- killed --ignored --nocapture
	PROPTEST_CASES=20000 cargo test --locked --test properties
	scripts/office.sh
	scripts/papers.sh
	scripts/proof.sh
	scripts/fuzz.sh 50
	scripts/failover.sh
	scripts/operate.sh
	scripts/measure.sh
	scripts/measure-memory.sh
	scripts/measure-stop.sh
