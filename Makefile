# What one does here. `run` and `test` are plain scripts of the same names: a machine with Rust may have no make.
.PHONY: run test openapi schema lint check-all

run:            ## the service with the sample movement
	./run

test:           ## every test
	./test

openapi:        ## openapi/openapi.json, from the routes
	cargo run --quiet -- openapi > target/openapi.json
	mv target/openapi.json openapi/openapi.json

# src/db/schema.rs comes from a migrated database, with Diesel's own tool:
#   cargo install diesel_cli --locked --no-default-features --features postgres
#   diesel print-schema --database-url "$$DATABASE_URL"    (diesel.toml says where it goes)
schema:         ## plans/plan.schema.json, from the types of a plan
	cargo run --quiet -- plan schema > target/plan.schema.json
	mv target/plan.schema.json plans/plan.schema.json

lint:           ## formatted, and nothing clippy minds
	cargo fmt --check
	cargo clippy --all-targets --quiet -- -D warnings

check-all:      ## what CI runs, and the properties a hundred times longer
	.ci/run
	PROPTEST_CASES=100000 cargo test --test properties
