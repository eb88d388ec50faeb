package rpc

import (
	"crypto/tls"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

func Old(target string) (*grpc.ClientConn, error) {
	// ruleid: go.tls.grpc-without-tls
	return grpc.Dial(target, grpc.WithInsecure())
}

func Current(target string) (*grpc.ClientConn, error) {
	// ruleid: go.tls.grpc-without-tls
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func Secure(target string) (*grpc.ClientConn, error) {
	// ok: go.tls.grpc-without-tls
	return grpc.NewClient(target, grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{})))
}

func Local() (*grpc.ClientConn, error) {
	// ok: go.tls.grpc-without-tls
	return grpc.NewClient("localhost:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func Memory(listener *Buffer) (*grpc.ClientConn, error) {
	// ok: go.tls.grpc-without-tls
	return grpc.NewClient(listener.Name(), grpc.WithContextDialer(listener.Dial), grpc.WithTransportCredentials(insecure.NewCredentials()))
}
