internal import Domain
internal import HTTPTypes
internal import OpenInference
internal import Testing

struct BinaryTests {
  private func send(
    _ model: String, _ request: InferenceRequest, as form: WireForm
  ) async throws -> (Service.Answered, InferenceResponse) {
    let message = try request.encoded(as: form)
    var headers = ["Content-Type": message.contentType]
    if let length = message.headerLength { headers[EncodedMessage.headerLengthField] = "\(length)" }
    let answer = try await Service.shared.send(
      .post, "/v2/models/\(model)/infer", headers: headers, body: message.body)
    #expect(answer.status == 200, "\(answer.error)")
    let length = try answer.header(EncodedMessage.headerLengthField).map(EncodedMessage.headerLength)
    return (answer, try InferenceResponse(decoding: answer.body, headerLength: length))
  }

  private func request(_ model: String) throws -> InferenceRequest {
    let records = try Fixtures.records(model).sorted { $0.key < $1.key }.map(\.value).prefix(3)
    return try InferenceRequest(decoding: try Fixtures.request(model, Array(records)).serialized)
  }

  @Test("bytes answer as JSON does, both ways", arguments: Fixtures.models) func same(model: String) async throws {
    let request = try request(model)
    let (plain, json) = try await send(model, request, as: .json)
    let (packed, binary) = try await send(model, request, as: .binary)
    #expect(plain.header("Content-Type") == "application/json")
    #expect(plain.header(EncodedMessage.headerLengthField) == nil)
    #expect(packed.header("Content-Type") == "application/octet-stream")
    #expect(binary.outputs.map(\.elements) == json.outputs.map(\.elements))
    #expect(binary.outputs.map(\.shape) == json.outputs.map(\.shape))
  }

  @Test("one output as bytes and one as JSON, as Triton's recorded exchange 028") func mixed() async throws {
    var request = try request("cargo")
    request.outputs = [
      RequestedOutput("predict_proba", parameters: [.init("binary_data", true)]),
      RequestedOutput("predict", parameters: [.init("binary_data", false)]),
    ]
    let (answer, response) = try await send("cargo", request, as: .binary)
    let length = try #require(answer.header(EncodedMessage.headerLengthField).flatMap { Int($0) })
    let header = try JSON(parsing: answer.body[..<length])
    #expect(header["outputs"]?[0]?["parameters"]?["binary_data_size"]?.integer == 72)
    #expect(header["outputs"]?[0]?["data"] == nil)
    #expect(header["outputs"]?[1]?["data"]?.array?.count == 3)
    #expect(answer.body.count == length + 72)
    #expect(response.outputs.count == 2)
  }

  @Test("JSON in, bytes out by the request's own parameter, as exchange 031") func outputsOnly() async throws {
    var request = try request("wine")
    request.parameters = [.init("binary_data_output", true)]
    let (answer, _) = try await send("wine", request, as: .json)
    #expect(answer.header("Content-Type") == "application/octet-stream")
  }

  @Test("a body without JSON is the one input's bytes, one row of them") func raw() async throws {
    let row = try request("wine").inputs[0]
    let numbers = try #require(row.numbers).prefix(13)
    let bytes = numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) } }
    let answer = try await Service.shared.send(
      .post, "/v2/models/wine/infer", headers: [EncodedMessage.headerLengthField: "0"], body: bytes)
    #expect(answer.status == 200)
    #expect(answer.header("Content-Type") == "application/octet-stream")
  }

  @Test("a header length that cannot be is refused in Triton's words", arguments: ["99999", "-1", "abc"])
  func length(text: String) async throws {
    let body = ProtocolTests.wine.serialized
    let answer = try await Service.shared.send(
      .post, "/v2/models/wine/infer", headers: [EncodedMessage.headerLengthField: text], body: body)
    #expect(answer.status == 400)
    #expect(answer.error == "inference header size should be in range (0, \(body.count)), got: \(text)")
  }

  @Test("bytes that are too few or too many are refused") func size() async throws {
    let message = try request("wine").encoded(as: .binary)
    let headers = [EncodedMessage.headerLengthField: "\(try #require(message.headerLength))"]
    for body in [message.body.dropLast(4), message.body + [0]] {
      let answer = try await Service.shared.send(.post, "/v2/models/wine/infer", headers: headers, body: Array(body))
      #expect(answer.status == 400)
      #expect(answer.error.contains("bytes"))
    }
  }
}
