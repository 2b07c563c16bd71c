internal import Domain
internal import Foundation
internal import HTTPTypes
internal import Testing

struct ValidationTests {
  /// The inputs of a good cargo request, changed by the closure.
  private func cargo(_ change: (inout [[JSON.Member]]) -> Void) throws -> JSON {
    let record = try #require(try Fixtures.json("expected/cargo.json")["records"]?[0]?["inputs"])
    var inputs = (try Fixtures.request("cargo", [record])["inputs"]?.array ?? []).compactMap(\.members)
    change(&inputs)
    return .object(["inputs": .array(inputs.map(JSON.object))])
  }

  private func refused(_ request: JSON, saying parts: String...) async throws {
    let answer = try await Service.shared.infer("cargo", request)
    #expect(answer.status == 400)
    for part in parts { #expect(answer.error.contains(part), "\(answer.error)") }
  }

  @Test("a wrong name is said with the right ones") func name() async throws {
    try await refused(
      try cargo { $0[5].set("name", "sael") }, saying: "unexpected input 'sael'", "input 'seal' is missing", "goods")
  }

  @Test("a wrong datatype is said with the right one") func datatype() async throws {
    try await refused(
      try cargo {
        $0[3].set("datatype", "FP32")
      }, saying: "'declared_value'", "FP32", "FP64")
  }

  @Test("a wrong shape is said with the right one") func shape() async throws {
    try await refused(
      try cargo {
        $0[4].set("shape", [1, 2])
        $0[4].set("data", [1, 2])
      }, saying: "'weight_t'", "[1, 2]", "[-1, 1]")
  }

  @Test("too few elements are counted") func count() async throws {
    try await refused(try cargo { $0[6].set("data", []) }, saying: "inputs[6]", "0 elements", "[1, 1]")
  }

  @Test("an unknown category is said with its row and the known ones") func category() async throws {
    try await refused(
      try cargo { $0[5].set("data", ["brokn"]) }, saying: "'seal'", "row 0", "'brokn'", "intact, broken, missing")
  }

  @Test("inputs with unequal rows are said") func rows() async throws {
    try await refused(
      try cargo {
        $0[7].set("shape", [2, 1])
        $0[7].set("data", [20, 21])
      }, saying: "'transit_days'", "2 rows")
  }

  @Test("no rows at all are refused") func empty() async throws {
    try await refused(
      try cargo { inputs in
        for index in inputs.indices {
          inputs[index].set("shape", [0, 1])
          inputs[index].set("data", [])
        }
      }, saying: "no rows")
  }

  @Test("an unknown output is said with the known ones") func output() async throws {
    let request = try cargo { _ in }
    let members = (request.members ?? []) + [.init("outputs", [.object(["name": "nope"])])]
    try await refused(.object(members), saying: "'nope'", "predict, predict_proba")
  }

  @Test("a fraction in a whole number is refused") func fraction() async throws {
    try await refused(try cargo { $0[6].set("data", [1.5]) }, saying: "1.5", "not a whole number")
  }

  @Test(
    "a number that no 32-bit float holds is said with its row and feature",
    arguments: [
      ("Infinity", "inf"), ("-Infinity", "-inf"), ("1e400", "inf"), ("-1e39", "-1e+39"),
    ])
  func beyond(written: String, said: String) async throws {
    let row = "14.13, 4.1, 2.74, 24.5, 96, 2.05, 0.76, 0.56, 1.35, 9.2, 0.61, 1.6, 560"
    let body = #"{"inputs": [{"name": "input", "datatype": "FP64", "shape": [2, 13], "data": [\#(row), \#(row)]}]}"#
    let end = try #require(body.range(of: "2.74", options: .backwards))
    for role in ["", "-shap", "-drift", "-outlier"] {
      let answer = try await Service.shared.send(
        .post, "/v2/models/wine\(role)/infer", body: Array(body.replacingCharacters(in: end, with: written).utf8))
      #expect(answer.status == 400)
      #expect(answer.error.contains("input 'input', row 1, 'ash': \(said) is no 32-bit float"), "\(answer.error)")
    }
  }

  @Test("texts sent as base64 are read as the texts that they are; what is none is refused") func base64() async throws
  {
    func send(_ text: String, _ type: String) async throws -> Service.Answered {
      try await Service.shared.infer(
        "message-triage",
        .object([
          "inputs": [
            .object([
              "name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [.text(text)],
              "parameters": .object(["content_type": .text(type)]),
            ])
          ]
        ]))
    }
    let text = "The reefer shows 14 degrees and rising, call me now!"
    let plain = try await send(text, "str")
    let packed = try await send(Data(text.utf8).base64EncodedString(), "base64")
    #expect(plain.status == 200)
    #expect(packed.numbers("predict_proba") == plain.numbers("predict_proba"))
    let broken = try await send("no base64!", "base64")
    #expect(broken.status == 400)
    #expect(broken.error.contains("text[0]"))
  }

  @Test("members of another kind are listed as MLServer lists them") func kinds() async throws {
    let request: JSON = .object([
      "id": 5, "parameters": [],
      "inputs": [.object(["name": 7, "datatype": "FP64", "shape": [1, 13], "data": [], "parameters": "x"])],
      "outputs": [1, .object(["name": .null])],
    ])
    let answer = try await Service.shared.infer("wine", request)
    #expect(answer.status == 422)
    let faults = try #require(answer.json["detail"]?.array)
    #expect(
      faults.compactMap { $0["type"]?.string } == [
        "string_type", "model_attributes_type", "string_type", "model_attributes_type", "model_attributes_type",
        "string_type",
      ])
    #expect(faults.last?["loc"] == ["body", "outputs", 1, "name"])
  }

  @Test("an element of another kind is said with its input") func element() async throws {
    try await refused(try cargo { $0[6].set("data", ["two"]) }, saying: "input 'prior_flags', inputs[6].data[0]")
  }

  @Test("a text without its text is refused") func null() async throws {
    let answer = try await Service.shared.infer(
      "message-triage",
      .object(["inputs": [.object(["name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [.null]])]]))
    #expect(answer.status == 400)
    #expect(answer.error.contains("row 0: null"))
  }

  @Test("a column may come as [n], as MLServer takes it") func column() async throws {
    let request = try cargo { inputs in for index in inputs.indices { inputs[index].set("shape", [1]) } }
    #expect(try await Service.shared.infer("cargo", request).status == 200)
  }
}

extension [JSON.Member] {
  fileprivate mutating func set(_ key: RawText, _ value: JSON) {
    if let index = firstIndex(where: { $0.key == key }) { self[index].value = value }
  }
}
