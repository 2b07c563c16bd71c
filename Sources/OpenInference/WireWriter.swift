internal import CNumbers
internal import Domain

/// Writes a message: JSON members one after another, binary tensors behind them.
struct WireWriter {
  /// What becomes of an infinity, for which JSON has no word.
  enum Infinities {
    case refused, bare
  }

  private var json: [UInt8] = [UInt8(ascii: "{")]
  private var binary: [UInt8] = []
  private var hasBinary = false

  mutating func member(_ key: StaticString, _ value: JSON) {
    startMember(key)
    value.write(to: &json)
  }

  private mutating func startMember(_ key: StaticString) {
    if json.count > 1 { json.append(UInt8(ascii: ",")) }
    append("\"\(key)\":")
  }

  private mutating func append(_ text: String) { json += text.utf8 }

  mutating func tensors(
    _ key: StaticString, _ tensors: [Tensor], infinities: Infinities, form: (RawText) -> WireForm
  ) throws(OpenInferenceError) {
    startMember(key)
    append("[")
    for (index, tensor) in tensors.enumerated() {
      if index > 0 { append(",") }
      try write(tensor, form(tensor.name), infinities, at: "\(key)[\(index)]")
    }
    append("]")
  }

  private mutating func write(
    _ tensor: Tensor, _ form: WireForm, _ infinities: Infinities, at place: String
  ) throws(OpenInferenceError) {
    guard tensor.shapeCount == tensor.count else {
      throw OpenInferenceError(.wrongCount(tensor.count, shape: tensor.shape), at: place)
    }
    append("{\"name\":")
    JSON.string(tensor.name).write(to: &json)
    append(",\"shape\":[\(tensor.shape.map(String.init).joined(separator: ","))]")
    append(",\"datatype\":\"\(tensor.datatype.rawValue)\"")
    var parameters = tensor.parameters
    if form == .binary {
      let start = binary.count
      BinaryElements.append(tensor, to: &binary)
      hasBinary = true
      parameters.append(JSON.Member("binary_data_size", .integer(Int64(binary.count - start))))
    }
    if !parameters.isEmpty {
      append(",\"parameters\":")
      JSON.object(parameters).write(to: &json)
    }
    if form == .json {
      append(",\"data\":[")
      try writeElements(tensor, infinities, at: place)
      append("]")
    }
    append("}")
  }

  private mutating func writeElements(
    _ tensor: Tensor, _ infinities: Infinities, at place: String
  ) throws(OpenInferenceError) {
    if tensor.datatype.needsBinary {
      throw OpenInferenceError(.needsBinary(tensor.datatype.rawValue), at: place)
    }
    switch tensor.elements {
    case .bool(let values): each(values) { $0.append($1 ? "true" : "false") }
    case .signed(let values): each(values) { $0.append("\($1)") }
    case .unsigned(let values): each(values) { $0.append("\($1)") }
    case .single(let values):
      if infinities == .refused { try refuseInfinities(values, at: place) }
      each(values) { writer, value in writer.appendNumber(value) { mds_write_float(value, $0) } }
    case .double(let values):
      if infinities == .refused { try refuseInfinities(values, at: place) }
      each(values) { writer, value in writer.appendNumber(value) { mds_write_double(value, $0) } }
    case .bytes(let values):
      if let wrong = values.firstIndex(where: { $0?.isUTF8 == false }) {
        throw OpenInferenceError(.needsBinary("text that is no UTF-8"), at: "\(place).data[\(wrong)]")
      }
      each(values) { ($1.map(JSON.string) ?? .null).write(to: &$0.json) }
    }
  }

  private func refuseInfinities<Number: FloatingPoint>(
    _ values: [Number], at place: String
  ) throws(OpenInferenceError) {
    guard let wrong = values.firstIndex(where: \.isInfinite) else { return }
    throw OpenInferenceError(.needsBinary("an infinity"), at: "\(place).data[\(wrong)]")
  }

  private mutating func each<Value>(_ values: [Value], _ write: (inout WireWriter, Value) -> Void) {
    for (index, value) in values.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      write(&self, value)
    }
  }

  private mutating func appendNumber(
    _ value: some BinaryFloatingPoint, _ write: (UnsafeMutablePointer<UInt8>) -> Int
  ) {
    guard value.isFinite else {
      append(value.isNaN ? "null" : value < 0 ? "-Infinity" : "Infinity")
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
      guard let base = buffer.baseAddress else { return }
      let count = write(base)
      json += UnsafeBufferPointer(start: base, count: count)
    }
  }

  mutating func finish() -> EncodedMessage {
    append("}")
    return EncodedMessage(body: json + binary, headerLength: hasBinary ? json.count : nil)
  }
}
