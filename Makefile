# What people and CI run. Only Go is needed for build, demo, test, fuzz and bench; e2e says what else it needs.
.DEFAULT_GOAL := build

GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT    := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
FUZZTIME      ?= 30s

# What is built depends on the source alone: not on where it lies, when it is built, or who builds it.
BUILDFLAGS := -trimpath -buildvcs=false -ldflags "-s -w -buildid="
PLATFORMS  := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
PLATFORM   ?= linux/amd64

# One way to compile for building, testing and what the tests themselves build: its cache is shared. grpcnotrace leaves
# out a page of gRPC's that calls methods by name, for which the linker would keep every method of every cloud's client:
# the program would be three times as large.
export CGO_ENABLED := 0
export GOFLAGS     := -trimpath -tags=grpcnotrace $(GOFLAGS)

.PHONY: build demo test e2e e2e-rooms e2e-run e2e-github e2e-aws e2e-code e2e-trust check lint bench fuzz docs record-demo record-moto dist dist/driftline

build: ## the binary, ./driftline
	go build -o driftline .

demo: ## a report and code from the embedded recording: no cloud, no token
	go run . demo

test: ## everything that needs nothing but Go
	go test ./...

e2e: e2e-rooms e2e-run ## against real Terraform, the AWS provider, moto, act and a GitHub emulator

e2e-rooms: ## rooms by themselves against real programs
	DRIFTLINE_E2E=1 go test -count=1 -p 1 -timeout 60m ./provider ./importgen ./importgen/settle ./pullrequest ./state

e2e-run: ## the main job whole, through failures and through the action
	DRIFTLINE_E2E=1 go test -count=1 -v -timeout 60m -run '^TestWholeRun$$' ./e2e

e2e-github: ## what becomes of reports on GitHub and in a browser: act, the emulator, GitHub's API description, faults, Chromium
	DRIFTLINE_E2E=1 go test -count=1 -p 1 -timeout 20m ./internal/peers ./e2e/internal/github ./prcomment
	DRIFTLINE_E2E=1 go test -count=1 -v -timeout 30m -run '^TestGitHub' ./e2e

e2e-aws: ## every type of the catalogue: listed, imported, denied, drifted, in several accounts; long
	DRIFTLINE_E2E=1 go test -count=1 -p 1 -timeout 90m ./inventory/aws
	DRIFTLINE_E2E=1 go test -count=1 -timeout 60m -run '^TestAWS' ./e2e

e2e-code: ## generated code: planned, applied to an empty cloud, measured, searched for secrets; drift accepted; some minutes
	DRIFTLINE_E2E=1 go test -count=1 -v -timeout 60m -run '^TestCode' ./e2e

e2e-trust: ## what SECURITY.md promises: guard, canaries, Vault, a run in an empty network, the container, two builds with the same bytes
	go test -count=1 -run 'Test.*(Refused|ReadOnly|Judged|Allowed)' ./inventory/aws
	go test -count=1 -run 'TestProviderDiesWithDriftline|TestFolder|TestSweep|TestAbandoned|TestPluginEnviron' ./provider
	go test -count=1 ./internal/redact ./internal/harden
	cd e2e/manifest && go test -count=1 ./...
	DRIFTLINE_E2E=1 go test -count=1 -timeout 30m ./vault
	DRIFTLINE_E2E=1 go test -count=1 -timeout 30m -run '^(TestAlone|TestCancelled)$$' ./e2e
	DRIFTLINE_TRUST=1 go test -count=1 -timeout 60m -run 'TestBuildIsReproducible|TestCanaries|TestRunHidesItsCredentials' .

dist: ## release programs for all platforms, and their checksums, in dist/
	@rm -rf dist && mkdir dist
	@set -e; for platform in $(PLATFORMS); do \
		os=$${platform%/*}; arch=$${platform#*/}; suffix=; [ $$os != windows ] || suffix=.exe; \
		GOOS=$$os GOARCH=$$arch go build $(BUILDFLAGS) -o dist/driftline_$${os}_$$arch$$suffix .; \
	done
	@cd dist && sha256sum driftline_* > checksums.txt

dist/driftline: ## the release program for PLATFORM
	GOOS=$(firstword $(subst /, ,$(PLATFORM))) GOARCH=$(lastword $(subst /, ,$(PLATFORM))) go build $(BUILDFLAGS) -o $@ .

check: ## formatting, vet and workflows: the part of lint that takes seconds
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go run $(ACTIONLINT) .github/workflows/*.yml examples/workflows/*.yml

lint: check
	go run $(GOLANGCI_LINT) run

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## each fuzz test for FUZZTIME, most of it on new inputs and not on making known ones shorter
	@set -e; for file in $$(grep -rl '^func Fuzz' --include='*_test.go' .); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$file); do \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s ./$$(dirname $$file); \
		done; \
	done

docs: ## what README.md and action.yml show of the program: tables, the demo, the policy
	go test ./config -run TestGeneratedRegions -update
	go test . -run TestReadmeRegions -update

record-moto: ## what moto answers to every listing, anew, for the tests that deny and disturb it without moto
	DRIFTLINE_RECORD_MOTO=1 DRIFTLINE_E2E=1 go test -count=1 -run '^TestFromMoto$$' ./inventory/aws

record-demo: ## the demo's recording, anew, from Terraform, the AWS provider and moto
	DRIFTLINE_RECORD_DEMO=1 go test -count=1 -timeout 20m -run '^TestRecordDemo$$' .
