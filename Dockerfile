# The `quorate` binary alone. Mount the folder to check: docker run --rm -v "$PWD:/work" quorate check
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin quorate

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/release/quorate /usr/local/bin/quorate
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/quorate"]
CMD ["check"]
