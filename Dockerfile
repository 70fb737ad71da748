# A job image: one process, no shell, no root, nothing that has to be written but /tmp (for provider plugins) and what
# --output-dir names. It has no health check, because it ends.
FROM ghcr.io/opentofu/opentofu:1.10.6-minimal AS tofu

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS=linux TARGETARCH=amd64
RUN make dist/driftline PLATFORM="$TARGETOS/$TARGETARCH"

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=tofu /usr/local/bin/tofu /usr/local/bin/tofu
COPY --from=build /src/dist/driftline /usr/local/bin/driftline
USER 65532:65532
WORKDIR /checkout
# The root filesystem may be read-only: /tmp is all that is written to.
ENV HOME=/tmp INPUT_TERRAFORM=tofu
ENTRYPOINT ["/usr/local/bin/driftline"]
CMD ["help"]
