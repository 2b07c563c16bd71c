internal import Domain
internal import Foundation
internal import Testing

struct MetricsTests {
  @Test("calls are counted under MLServer's names, drift as a histogram") func counts() async throws {
    try await Fixtures.withCopy(of: ["wine"]) { folder in
      let service = await Service(models: folder)
      _ = try await service.infer("wine", ProtocolTests.wine)
      _ = try await service.post("/v2/models/wine/versions/2/infer", ProtocolTests.wine)
      _ = try await service.infer("wine", .object([]))
      _ = try await service.infer("nosuch", ProtocolTests.wine)
      let records = try Fixtures.records("wine")
      for window in try #require(try Fixtures.json("expected/wine-drift.json")["windows"]?.array) {
        let rows = try #require(window["records"]?.texts).compactMap { records[$0] }
        _ = try await service.infer("wine-drift", try Fixtures.request("wine", rows))
      }
      let answer = try await service.get("/metrics")
      #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
      let lines = Set(String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init))
      for expected in [
        #"model_infer_request_success_total{model="wine",version="None"} 1.0"#,
        #"model_infer_request_success_total{model="wine",version="2"} 1.0"#,
        #"model_infer_request_failure_total{model="wine",version="None"} 1.0"#,
        #"model_infer_request_failure_total{model="nosuch",version="None"} 1.0"#,
        #"model_infer_request_duration_count{model="wine",version="None"} 2.0"#,
        #"rest_server_requests_total{app_name="mds-service",method="POST","#
          + #"path="/v2/models/{model_name}/versions/{model_version}/infer",status_code="200"} 1.0"#,
        #"rest_server_requests_total{app_name="mds-service",method="POST","#
          + #"path="/v2/models/{model_name}/infer",status_code="404"} 1.0"#,
        #"rest_server_request_duration_seconds_count{app_name="mds-service",method="POST","#
          + #"path="/v2/models/{model_name}/infer",status_code="404"} 1.0"#,
        #"seldon_model_drift_bucket{le="+Inf",model_name="wine-drift",model_version="2"} 2.0"#,
        #"seldon_model_drift_bucket{le="0.75",model_name="wine-drift",model_version="2"} 1.0"#,
        #"seldon_model_drift_sum{model_name="wine-drift",model_version="2"} 1.0"#,
        "# TYPE seldon_model_drift histogram", "# TYPE model_infer_request_duration summary",
      ] {
        #expect(lines.contains(expected), "\(expected)")
      }
    }
  }
}
