import Domain
import OpenInference
import Testing

/// Tensors of every datatype, the same ones each run, with the ends of their ranges among the elements.
private enum Samples {
  static func tensor(_ datatype: Datatype, rows: Int, width: Int, seed: UInt64) -> Tensor {
    var random = SplitMix(state: seed)
    let count = rows * width
    let elements: Tensor.Elements
    switch datatype {
    case .bool: elements = .bool((0..<count).map { _ in random.next() & 1 == 1 })
    case .int8, .int16, .int32, .int64:
      let range = datatype.signedRange ?? 0...0
      let ends = [range.lowerBound, range.upperBound, 0, -1]
      elements = .signed((0..<count).map { $0 < 4 ? ends[$0] : Int64.random(in: range, using: &random) })
    case .uint8, .uint16, .uint32, .uint64:
      let maximum = datatype.unsignedMaximum ?? 0
      elements = .unsigned((0..<count).map { $0 == 0 ? maximum : UInt64.random(in: 0...maximum, using: &random) })
    case .fp16:
      let ends: [Float] = [65_504, -65_504, 0, 0x1p-24]
      elements = .single((0..<count).map { $0 < 4 ? ends[$0] : Float(Float16(Float(random.next() % 1000) / 64)) })
    case .bf16:
      // Every BF16 but those that are no number, which do not equal themselves.
      elements = .single(
        (0..<count).map { _ in
          let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()) & 0xFFFF_0000)
          return value.isNaN ? -.infinity : value
        })
    case .fp32:
      elements = .single(
        (0..<count).map { _ in
          let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
          return value.isFinite ? value : -0.0
        })
    case .fp64:
      elements = .double(
        (0..<count).map { _ in
          let value = Double(bitPattern: random.next())
          return value.isFinite ? value : .leastNonzeroMagnitude
        })
    case .bytes:
      elements = .bytes(
        (0..<count).map { index in
          RawText(String(repeating: ["a", "\"", "\\", "\n", "\u{1}", "é", "日", "😀"][index % 8], count: index % 5))
        })
    }
    return Tensor(
      name: RawText("t \(datatype.rawValue) \"é\""), datatype: datatype, shape: [rows, width], elements: elements,
      parameters: [JSON.Member("content_type", "np")])
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite("writing and reading back") struct RoundTripTests {
  @Test("a request of every datatype reads back as it was, in JSON and in binary", arguments: 1...40)
  func requests(seed: Int) throws {
    let tensors = Datatype.allCases.map { Samples.tensor($0, rows: seed, width: 1 + seed % 7, seed: UInt64(seed)) }
    let request = InferenceRequest(
      id: "id \u{7}", parameters: [JSON.Member("p", 1), JSON.Member("binary_data_output", false)], inputs: tensors,
      outputs: [RequestedOutput("a", parameters: [JSON.Member("binary_data", true)]), RequestedOutput("b")])
    let binary = try request.encoded(as: .binary)
    #expect(binary.contentType == "application/octet-stream")
    #expect(try InferenceRequest(decoding: binary.body, headerLength: binary.headerLength) == request)

    var plain = request
    plain.inputs.removeAll { $0.datatype.needsBinary }
    let json = try plain.encoded()
    #expect(json.headerLength == nil && json.contentType == "application/json")
    #expect(try InferenceRequest(decoding: json.body) == plain)
    #expect(json.body.allSatisfy { $0 >= 0x20 })
  }

  @Test("a response comes in the forms that the request asks for, also both at once")
  func responses() throws {
    let outputs = Datatype.allCases.filter { !$0.needsBinary }.map { Samples.tensor($0, rows: 3, width: 4, seed: 5) }
    let response = InferenceResponse(modelName: "m", modelVersion: "2", id: "x", outputs: outputs)
    let asked: [InferenceRequest] = [
      InferenceRequest(inputs: []),
      InferenceRequest(parameters: [JSON.Member("binary_data_output", true)], inputs: []),
      InferenceRequest(
        parameters: [JSON.Member("binary_data_output", true)], inputs: [],
        outputs: [RequestedOutput(outputs[3].name, parameters: [JSON.Member("binary_data", false)])]),
    ]
    for request in asked {
      let message = try response.encoded(for: request)
      #expect(try InferenceResponse(decoding: message.body, headerLength: message.headerLength) == response)
    }
    #expect(try response.encoded(for: asked[0]).headerLength == nil)
    let mixed = try response.encoded(for: asked[2])
    let header = String(decoding: mixed.body.prefix(mixed.headerLength ?? 0), as: UTF8.self)
    #expect(header.contains(#""data":["#) && header.contains("binary_data_size"))
  }

  @Test("a binary request asks for binary outputs unless it says otherwise")
  func binaryOutputs() throws {
    let message = try InferenceRequest(inputs: []).encoded(as: .binary)
    #expect(try InferenceRequest(decoding: message.body).wantsBinary("any"))
  }

  @Test("NaN travels as null in JSON and as itself in binary")
  func notANumber() throws {
    let tensor = Tensor(name: "x", datatype: .fp64, shape: [2], elements: .double([.nan, 1]))
    let request = InferenceRequest(inputs: [tensor])
    #expect(String(decoding: try request.encoded().body, as: UTF8.self).contains(#""data":[null,1]"#))
    let binary = try request.encoded(as: .binary)
    let back = try InferenceRequest(decoding: binary.body, headerLength: binary.headerLength)
    #expect(back.inputs[0].number(at: 0)?.isNaN == true)
  }

  @Test("what JSON cannot carry is refused by the client, by element")
  func needsBinary() throws {
    func refusal(_ datatype: Datatype, _ elements: Tensor.Elements) -> String? {
      let request = InferenceRequest(inputs: [
        Tensor(name: "x", datatype: datatype, shape: [elements.count], elements: elements)
      ])
      do {
        _ = try request.encoded()
        return nil
      } catch { return error.description }
    }
    #expect(refusal(.fp16, .single([1])) == "inputs[0]: FP16 cannot be sent as JSON, only as binary data")
    #expect(refusal(.bf16, .single([1])) == "inputs[0]: BF16 cannot be sent as JSON, only as binary data")
    #expect(
      refusal(.fp64, .double([1, .infinity]))
        == "inputs[0].data[1]: an infinity cannot be sent as JSON, only as binary data")
    #expect(
      refusal(.bytes, .bytes(["a", RawText(bytes: [0xFF])]))
        == "inputs[0].data[1]: text that is no UTF-8 cannot be sent as JSON, only as binary data")
    #expect(refusal(.bytes, .bytes([nil, "a"])) == nil)
  }

  @Test("binary data that is short, long or cut is refused", arguments: Datatype.allCases)
  func damaged(datatype: Datatype) throws {
    let request = InferenceRequest(inputs: [Samples.tensor(datatype, rows: 5, width: 2, seed: 3)])
    let message = try request.encoded(as: .binary)
    let length = message.headerLength
    #expect(throws: OpenInferenceError.self) {
      try InferenceRequest(decoding: message.body.dropLast(), headerLength: length)
    }
    #expect(throws: OpenInferenceError(.trailingBytes(1))) {
      try InferenceRequest(decoding: message.body + [0], headerLength: length)
    }
    for wrong in [-1, message.body.count + 1, (length ?? 0) - 1, (length ?? 0) + 1, 0] {
      #expect(throws: OpenInferenceError.self) { try InferenceRequest(decoding: message.body, headerLength: wrong) }
    }
  }

  @Test("a raw binary request is one row of the only input")
  func rawBinary() throws {
    let signature = Signature(inputs: [TensorSpec(name: "x", datatype: .int16, shape: [-1, 3])], outputs: [])
    let request = try InferenceRequest(rawBinary: [1, 0, 255, 255, 2, 0], signature: signature)
    #expect(
      request.inputs == [Tensor(name: "x", datatype: .int16, shape: [1, 3], elements: .signed([1, -1, 2]))])
    #expect(request.wantsBinary("any"))
    #expect(throws: OpenInferenceError(.binarySize(5, needed: 6), at: "inputs[0]")) {
      try InferenceRequest(rawBinary: [1, 2, 3, 4, 5], signature: signature)
    }
  }

  @Test("metadata and index read back as they were written")
  func descriptions() throws {
    let server = ServerMetadata(name: "s", version: "1", extensions: ["binary_tensor_data"])
    #expect(try ServerMetadata(decoding: server.encoded) == server)
    #expect(server.takesBinary)
    let model = ModelMetadata(
      name: "m", versions: ["1"], platform: "xgboost",
      inputs: [
        TensorSpec(
          name: "x", datatype: .fp64, shape: [-1, 2], parameters: [JSON.Member("feature_names", ["a", "b"])])
      ], outputs: [TensorSpec(name: "y", datatype: .int64, shape: [-1])],
      parameters: [JSON.Member("serves", "w")])
    #expect(try ModelMetadata(decoding: model.encoded) == model)
    #expect(model.signature.fields.map(\.name) == ["a", "b"])
    let index = RepositoryIndex(rows: [
      .init(name: "a", version: "1", state: "READY"), .init(name: "b", state: "UNAVAILABLE", reason: "boom"),
      .init(name: "c", state: "UNAVAILABLE", reason: "unloaded"), .init(name: "d", state: "UNKNOWN"),
    ])
    #expect(try RepositoryIndex(decoding: index.encoded) == index)
    #expect(index.models.map(\.state) == [.ready, .failed, .stopped, .unknown])
    let names = Array(#"{"models":["x","y"]}"#.utf8)
    #expect(try RepositoryIndex(decodingNames: names).models.map(\.id.name) == ["x", "y"])
  }

  @Test(
    "base64 is left as it came, and undone when asked",
    arguments: [
      ("", ""), ("Zg==", "f"), ("Zg", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar"),
    ])
  func base64(text: String, plain: String) throws {
    let tensor = Tensor(
      name: "x", datatype: .bytes, shape: [1], elements: .bytes([RawText(text)]),
      parameters: [JSON.Member("content_type", "base64")])
    #expect(try tensor.decodedTexts() == [RawText(plain)])
    var wrong = tensor
    wrong.elements = .bytes(["Z"])
    #expect(throws: OpenInferenceError(.notBase64, at: "x[0]")) { try wrong.decodedTexts() }
  }

  @Test("the version that answered is the one that the answer names, unless it names another model")
  func answeringVersion() {
    let asked = ModelID("iris", version: "3")
    func version(_ name: RawText, _ version: RawText?) -> RawText? {
      InferenceResponse(modelName: name, modelVersion: version, outputs: []).version(answering: asked)
    }
    #expect(version("iris", "4") == "4")
    #expect(version("iris", nil) == "3")
    // Seldon answers under a name of its own making.
    #expect(version("iris_3", "1") == "3")
    #expect(version("", "2") == "2")
  }
}
