# The service alone; its Postgres is given by DATABASE_URL (docker-compose.yml runs one beside it).
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/thidua /usr/local/bin/thidua

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin thidua \
    && install -d -m 0700 -o thidua /data
COPY --from=build /usr/local/bin/thidua /usr/local/bin/thidua
USER thidua
WORKDIR /data
# Signing keys are made in the data directory at the first start: keep it.
VOLUME /data
ENV THIDUA_DATA_DIR=/data THIDUA_BIND=0.0.0.0:8080 THIDUA_LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["thidua", "health"]
ENTRYPOINT ["thidua"]
CMD ["serve"]
