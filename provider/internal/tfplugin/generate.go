// Package tfplugin holds the wire messages of the Terraform plugin protocol, one set for versions 5 and 6.
// It knows no gRPC method and opens no connection.
package tfplugin

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.59.0 generate
