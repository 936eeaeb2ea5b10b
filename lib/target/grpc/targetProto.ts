/** The services of the target. The first is that of the examples of Pandora, the second that of its documentation. */
export const TARGET_PROTO = `syntax = "proto3";
package target;

service TargetService {
  rpc Hello(HelloRequest) returns (HelloResponse);
  rpc Auth(AuthRequest) returns (AuthResponse);
  rpc List(ListRequest) returns (ListResponse);
  rpc Order(OrderRequest) returns (OrderResponse);
}

message HelloRequest { string name = 1; }
message HelloResponse { string hello = 1; }
message AuthRequest { string login = 1; string pass = 2; }
message AuthResponse { int64 userId = 1; string token = 2; }
message ListRequest { string token = 1; int64 userId = 2; }
message ListResponse { repeated ListItem result = 1; }
message ListItem { int64 itemId = 1; }
message OrderRequest { string token = 1; int64 userId = 2; int64 itemId = 3; }
message OrderResponse { int64 orderId = 1; }

// What a client must bear: statuses, delays, sizes, streams.
service Troubles {
  rpc Respond(RespondRequest) returns (Reply);
  rpc Count(RespondRequest) returns (stream Reply);
  rpc Sum(stream Reply) returns (Reply);
  rpc Echo(stream Reply) returns (stream Reply);
}

message RespondRequest {
  int32 status = 1;
  string message = 2;
  int32 delay_ms = 3;
  int32 bytes = 4;
  int32 count = 5;
}
message Reply { int64 number = 1; string text = 2; bytes content = 3; }
`;

export const ADDER_PROTO = `syntax = "proto3";
package api;

service Adder { rpc Add(AddRequest) returns (AddResponse); }

message AddRequest { int64 x = 1; int64 y = 2; }
message AddResponse { int64 result = 1; }
`;

export const HEALTH_PROTO = `syntax = "proto3";
package grpc.health.v1;

service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }

message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
`;
