import Domain
import OpenInference
import Testing

/// What `data` holds, read from a response with one output.
private func elements(
  _ datatype: Datatype, _ shape: [Int], _ data: String, limits: ScanLimits = .standard
) throws -> Tensor.Elements {
  let text = """
    {"model_name":"m","outputs":[{"name":"o","shape":\(shape),"datatype":"\(datatype.rawValue)","data":\(data)}]}
    """
  return try #require(InferenceResponse(decoding: Array(text.utf8), limits: limits).outputs.first?.elements)
}

@Suite("scanning tensor data") struct ScanTests {
  @Test("bare NaN and null read as NaN, infinities as infinities, in both precisions")
  func notFinite() throws {
    for datatype in [Datatype.fp16, .bf16, .fp32, .fp64] {
      let data = "[NaN, null,Infinity , -Infinity,\"NaN\",\"-Infinity\"]"
      let tensor = Tensor(name: "", datatype: datatype, shape: [6], elements: try elements(datatype, [6], data))
      let values = try #require(tensor.numbers)
      #expect(values[0].isNaN && values[1].isNaN && values[4].isNaN)
      #expect([values[2], values[3], values[5]] == [.infinity, -.infinity, -.infinity])
    }
  }

  @Test("64-bit integers stay exact, also when written with a fraction of zeros")
  func exact() throws {
    #expect(
      try elements(.int64, [3], "[9007199254740993,-9223372036854775808,9007199254740993.0]")
        == .signed([9_007_199_254_740_993, .min, 9_007_199_254_740_993]))
    #expect(try elements(.uint64, [2], "[18446744073709551615,1e3]") == .unsigned([.max, 1000]))
  }

  @Test("flat and nested data are the same rows")
  func nested() throws {
    let flat = try elements(.int32, [2, 3], "[1,2,3,4,5,6]")
    #expect(try elements(.int32, [2, 3], "[[1,2,3],[4,5,6]]") == flat)
    #expect(try elements(.int32, [2, 3], " [ [[1],[2] ,[3]], [[4],[5],[6]] ] ") == flat)
    #expect(try elements(.int32, [0], "[]") == .signed([]))
    #expect(try elements(.int32, [2, 0], "[[],[]]") == .signed([]))
    #expect(try elements(.fp64, [1], "2.5") == .double([2.5]))
  }

  @Test("texts keep their bytes: escapes resolved, no UTF-8 demanded, null apart from empty")
  func texts() throws {
    #expect(
      try elements(.bytes, [4], #"["a\"b\\\u00e9\ud83d\ude00","",null,"x"]"#)
        == .bytes(["a\"b\\é😀", "", nil, "x"]))
    let head = Array(#"{"outputs":[{"name":"o","shape":[1],"datatype":"BYTES","data":[""#.utf8)
    let body = head + [0xFF, 0x00 | 0x80, 0xFE] + Array(#""]}]}"#.utf8)
    #expect(
      try InferenceResponse(decoding: body).outputs[0].elements == .bytes([RawText(bytes: [0xFF, 0x80, 0xFE])]))
  }

  @Test(
    "an element that is not of its datatype is refused with its place",
    arguments: [
      (Datatype.int8, "[1,300]", "outputs[0].data[1]: 300 does not fit INT8"),
      (.int8, "[1,-129]", "outputs[0].data[1]: -129 does not fit INT8"),
      (.uint8, "[1,-1]", "outputs[0].data[1]: -1 does not fit UINT8"),
      (.int64, "[1,9223372036854775808]", "outputs[0].data[1]: 9223372036854775808 does not fit INT64"),
      (.uint64, "[1,18446744073709551616]", "outputs[0].data[1]: 18446744073709551616 does not fit UINT64"),
      (.int64, "[1,1e400]", "outputs[0].data[1]: 1e400 does not fit INT64"),
      (.int32, "[1,1.5]", "outputs[0].data[1]: 1.5 is not a whole number"),
      (.int32, "[1,null]", "outputs[0].data[1]: a whole number is expected"),
      (.int32, "[1,true]", "outputs[0].data[1]: a whole number is expected"),
      (.fp32, "[1,\"2\"]", "outputs[0].data[1]: a number is expected"),
      (.fp64, "[1,nan]", "outputs[0].data[1]: a number is expected"),
      (.fp64, "[1,inf]", "outputs[0].data[1]: a number is expected"),
      (.fp64, "[1,{}]", "outputs[0].data[1]: a number is expected"),
      (.bool, "[true,2]", "outputs[0].data[1]: true or false is expected"),
      (.bytes, "[\"a\",1]", "outputs[0].data[1]: a string is expected"),
      (.fp64, "[1]", "outputs[0].data: 1 elements for shape [2]"),
      (.fp64, "[1,2,3]", "outputs[0].data: 3 elements for shape [2]"),
    ])
  func refused(datatype: Datatype, data: String, message: String) {
    #expect {
      try elements(datatype, [2], data)
    } throws: { error in
      (error as? OpenInferenceError)?.description == message
    }
  }

  @Test(
    "broken text is refused, never read past its end",
    arguments: [
      "[", "[1", "[1,", "[,1]", "[1 2]", "[1]]", "[[1]", "[1,]", "[-", "[\"a", "[\"\\u12", "[\"\\", "", "[1e",
    ])
  func broken(data: String) {
    for datatype in Datatype.allCases {
      #expect(throws: OpenInferenceError.self) { try elements(datatype, [1], data) }
      let cut = Array(#"{"outputs":[{"name":"o","shape":[1],"datatype":"\#(datatype.rawValue)","data":\#(data)"#.utf8)
      #expect(throws: OpenInferenceError.self) { try InferenceResponse(decoding: cut) }
    }
  }

  @Test("more elements and deeper lists than the limit are refused")
  func limits() {
    let limits = ScanLimits(elements: 4, depth: 3)
    #expect(throws: OpenInferenceError(.tooMany(limit: 4), at: "outputs[0].data")) {
      try elements(.fp32, [2], "[1,2,3,4,5]", limits: limits)
    }
    #expect(throws: OpenInferenceError(.tooMany(limit: 4), at: "outputs[0].shape")) {
      try elements(.fp32, [9_999_999_999, 9_999_999_999], "[]", limits: limits)
    }
    #expect(throws: OpenInferenceError(.tooDeep(limit: 3), at: "outputs[0].data")) {
      try elements(.fp32, [2], "[[[[1]]]]", limits: limits)
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: OpenInferenceError(.tooDeep(limit: 32))) {
      try InferenceResponse(decoding: Array("{\"unknown\":\(deep)".utf8))
    }
  }

  @Test("members come in any order, the first of two stands, unknown ones are passed over")
  func members() throws {
    let text = #"""
      {"outputs":[{"data":[[1,2]],"x":{"y":["}",null]},"shape":[1,2],"datatype":"INT16","datatype":"BYTES",
       "parameters":{"a":1,"a":2},"name":"o","data":["no"]}],"id":null,"model_name":"m","parameters":null}
      """#
    let response = try InferenceResponse(decoding: Array(text.utf8))
    #expect(
      response.outputs == [
        Tensor(
          name: "o", datatype: .int16, shape: [1, 2], elements: .signed([1, 2]),
          parameters: [JSON.Member("a", 1), JSON.Member("a", 2)])
      ])
    #expect(response.outputs[0][parameter: "a"] == 1)
    #expect(response.id == nil)
  }

  @Test("a million numbers are all read")
  func million() throws {
    let count = 1_000_000
    var text = Array(#"{"model_name":"m","outputs":[{"name":"o","datatype":"FP32","shape":[1000000],"data":["#.utf8)
    for index in 0..<count {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += "\(Float(index) / 8)".utf8
    }
    text += "]}]}".utf8
    guard case .single(let values) = try InferenceResponse(decoding: text).outputs[0].elements else {
      Issue.record("no FP32")
      return
    }
    #expect(values.count == count)
    #expect(values.indices.allSatisfy { values[$0] == Float($0) / 8 })
  }
}
