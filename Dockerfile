# The service alone; Postgres is another container (docker-compose.yml). TLS ends at a proxy in front.
FROM rust:1-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc g++ make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY migrations migrations
COPY plans plans
COPY templates templates
# The commit that `thidua --version` names: the image is built without .git.
ARG THIDUA_COMMIT
RUN cargo build --release --locked

FROM debian:bookworm-slim
# External issuers and a managed Postgres prove themselves by public authorities.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/thidua --create-home thidua
COPY --from=build /src/target/release/thidua /usr/local/bin/thidua
USER thidua
ENV THIDUA_BIND=0.0.0.0:8080 THIDUA_DATA_DIR=/var/lib/thidua THIDUA_LOG_FORMAT=json
VOLUME /var/lib/thidua
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["thidua", "health"]
ENTRYPOINT ["thidua"]
CMD ["serve"]
