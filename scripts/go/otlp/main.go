// A receiver of OTLP over HTTP with the official messages of OpenTelemetry, for spec/acceptance/otlpReceiver-spec.ts.
// It prints its port. When its standard input ends, it prints the number of requests and the last one, both as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"

	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

type receiver struct {
	mutex    sync.Mutex
	requests int
	last     *collector.ExportMetricsServiceRequest
}

// ServeHTTP refuses what the protocol does not allow: another method, path or content type, and bytes that are not the message.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost || request.URL.Path != "/v1/metrics" {
		http.Error(w, "expected POST /v1/metrics", http.StatusNotFound)
		return
	}
	if kind := request.Header.Get("Content-Type"); kind != "application/x-protobuf" {
		http.Error(w, "expected protobuf, got "+kind, http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(request.Body)
	message := &collector.ExportMetricsServiceRequest{}
	if err == nil {
		err = proto.Unmarshal(body, message)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mutex.Lock()
	r.requests++
	r.last = message
	r.mutex.Unlock()
	response, _ := proto.Marshal(&collector.ExportMetricsServiceResponse{})
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.Write(response)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	r := &receiver{last: &collector.ExportMetricsServiceRequest{}}
	go http.Serve(listener, r)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	last, err := protojson.Marshal(r.last)
	if err != nil {
		panic(err)
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{"requests": r.requests, "last": json.RawMessage(last)})
}
