// A Greeter of google.golang.org/grpc/examples with reflection and health. A name such as "status 5" is answered with that status.
// It prints its port, and when its standard input ends, how many calls had which status.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip"
	hello "google.golang.org/grpc/examples/helloworld/helloworld"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
)

type greeter struct {
	hello.UnimplementedGreeterServer
}

func (*greeter) SayHello(_ context.Context, in *hello.HelloRequest) (*hello.HelloReply, error) {
	var code uint32
	if n, _ := fmt.Sscanf(in.GetName(), "status %d", &code); n == 1 {
		return nil, status.Error(codes.Code(code), in.GetName())
	}
	return &hello.HelloReply{Message: "Hello " + in.GetName()}, nil
}

func main() {
	var mutex sync.Mutex
	counts := map[string]int{}
	count := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		reply, err := next(ctx, req)
		mutex.Lock()
		counts[fmt.Sprint(uint32(status.Code(err)))]++
		mutex.Unlock()
		return reply, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(count))
	hello.RegisterGreeterServer(server, &greeter{})
	healthpb.RegisterHealthServer(server, health.NewServer())
	reflection.Register(server)
	go server.Serve(listener)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
	server.Stop()
	json.NewEncoder(os.Stdout).Encode(counts)
}
