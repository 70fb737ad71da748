// Package e2e proves whole runs of Driftline against real Terraform, the real AWS provider, moto, act and an emulator of
// GitHub. It holds tests alone, tests no room by itself, and runs only with DRIFTLINE_E2E=1.
package e2e
