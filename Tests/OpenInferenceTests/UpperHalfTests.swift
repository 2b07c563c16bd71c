import Domain
import OpenInference
import Testing

@Suite("BF16, the upper half of an FP32") struct UpperHalfTests {
  /// What is written of a number: its two bytes, as a whole number.
  private func written(_ value: Float) throws -> UInt16 {
    let tensor = Tensor(name: "x", datatype: .bf16, shape: [1], elements: .single([value]))
    let body = try InferenceRequest(inputs: [tensor]).encoded(as: .binary).body
    return UInt16(body[body.count - 1]) << 8 | UInt16(body[body.count - 2])
  }

  /// What is read of two bytes.
  private func read(_ half: UInt16) throws -> Float {
    let head = #"{"inputs":[{"name":"x","datatype":"BF16","shape":[1],"parameters":{"binary_data_size":2}}]}"#
    let body = Array(head.utf8) + [UInt8(half & 0xFF), UInt8(half >> 8)]
    let request = try InferenceRequest(decoding: body, headerLength: head.utf8.count)
    guard case .single(let values) = request.inputs[0].elements, values.count == 1 else { return .nan }
    return values[0]
  }

  @Test(
    "rounds to the nearest, of two that are as near to the even one",
    arguments: [
      (0x3F80_0000, 0x3F80), (0x3F80_7FFF, 0x3F80), (0x3F80_8000, 0x3F80), (0x3F80_8001, 0x3F81),
      (0x3F81_7FFF, 0x3F81), (0x3F81_8000, 0x3F82), (0xBF81_8000, 0xBF82), (0x3FFF_8000, 0x4000),
      (0x3DCC_CCCD, 0x3DCD), (0x7F7F_0000, 0x7F7F), (0x7F7F_7FFF, 0x7F7F), (0x7F7F_8000, 0x7F80),
      (0x0000_0001, 0x0000), (0x0000_8001, 0x0001), (0x8000_0000, 0x8000), (0x007F_8000, 0x0080),
    ] as [(UInt32, UInt16)])
  func rounding(single: UInt32, half: UInt16) throws {
    #expect(try written(Float(bitPattern: single)) == half)
  }

  @Test(
    "keeps infinities, and of what is no number that it is none",
    arguments: [0x7F80_0001, 0xFF80_0001, 0x7FC0_1234] as [UInt32])
  func notFinite(bits: UInt32) throws {
    let half = try written(Float(bitPattern: bits))
    #expect(half & 0x7F80 == 0x7F80 && half & 0x7F != 0 && half >> 15 == bits >> 31)
    #expect(try read(half).isNaN)
    #expect(try written(.infinity) == 0x7F80 && written(-.infinity) == 0xFF80)
  }

  @Test("is read exactly, and each of them is written as it was read")
  func every() throws {
    let halves = Array(UInt16.min...UInt16.max)
    let head = """
      {"inputs":[{"name":"x","datatype":"BF16","shape":[65536],"parameters":{"binary_data_size":131072}}]}
      """
    let data = halves.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let request = try InferenceRequest(decoding: Array(head.utf8) + data, headerLength: head.utf8.count)
    guard case .single(let values) = request.inputs[0].elements else {
      Issue.record("it is read as another type")
      return
    }
    #expect(zip(halves, values).allSatisfy { $1.bitPattern == UInt32($0) << 16 })
    let body = try request.encoded(as: .binary).body.suffix(data.count)
    let changed = halves.indices.filter { body.dropFirst(2 * $0).prefix(2) != data.dropFirst(2 * $0).prefix(2) }
    // A NaN that signals is written as the quiet one beside it.
    #expect(changed.allSatisfy { halves[$0] & 0x7F80 == 0x7F80 && halves[$0] & 0x7F != 0 && halves[$0] & 0x40 == 0 })
  }

  @Test("is named in metadata, is refused in JSON, and holds no more than its largest number")
  func elsewhere() throws {
    let metadata = #"{"name":"m","inputs":[{"name":"x","datatype":"BF16","shape":[-1,2]}],"outputs":[]}"#
    #expect(try ModelMetadata(decoding: Array(metadata.utf8)).signature.inputs[0].datatype == .bf16)
    let json = #"{"inputs":[{"name":"x","datatype":"BF16","shape":[1],"data":[1]}]}"#
    #expect(throws: OpenInferenceError.self) { try InferenceRequest(decoding: Array(json.utf8)) }
    let field = Field(name: "x", kind: .number(.bf16), place: .init(tensor: 0, offset: 0))
    #expect(field.value(of: "3.3895313892515355e38") == .success(.number(0x1.FEp127)))
    #expect(field.value(of: "3.4e38") == .failure(.outsideDatatype("3.4e38", .bf16)))
  }
}
