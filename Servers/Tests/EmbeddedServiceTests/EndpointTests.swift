internal import Domain
internal import Testing

@testable internal import EmbeddedService

struct EndpointTests {
  @Test(
    "paths lead where they say",
    arguments: [
      ("/v2", Endpoint.server), ("/v2/models/wine", .model(ModelID("wine"))),
      ("/v2/models/wine/versions/2", .model(ModelID("wine", version: "2"))),
      ("/v2/models/wine/versions/2/infer", .infer(ModelID("wine", version: "2"))),
      ("/v2/models/a%20b/ready", .modelReady(ModelID("a b"))), ("/v2/repository/models/wine/load", .load("wine")),
      ("/metrics", .metrics),
    ])
  func leads(path: String, endpoint: Endpoint) {
    #expect(Endpoint(path: path) == endpoint)
  }

  @Test(
    "other paths lead nowhere",
    arguments: [
      "/", "", "/v2/", "/v2//models", "/v2/models", "/v2/models/wine/", "/v2/models/a%2Fb", "/v2/models/wine/versions",
      "/v2/models/wine/versions/2/x", "/v2/models/%zz", "/v2/models/%f", "/v2/repository/models/wine/x", "/v3",
      "/v2/models/%ff",
    ])
  func nowhere(path: String) {
    #expect(Endpoint(path: path) == nil)
  }
}
