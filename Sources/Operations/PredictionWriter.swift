internal import Domain
internal import Feedback

/// Writes cases as lines of JSON, byte for byte what `PredictionLine.json` says. What is the same from line to line, the
/// greatest part of each, is made once: a large batch spends most of its time here.
struct PredictionWriter {
  /// What stands around the elements of a tensor.
  private struct Frame {
    var tensor: Tensor
    var head: [UInt8]
    var tail: [UInt8]
  }

  private var frames: [Frame] = []
  private var model = ModelID("")
  private var modelText: [UInt8] = []
  private var at = Timestamp(microseconds: .min)
  private var atText: [UInt8] = []
  private var labels: [RawText: [UInt8]] = [:]
  private var end = Prediction(model: ModelID(""), answer: .opaque, outputs: [])
  private var endText: [UInt8] = []

  /// Appends the line of a case; `id` is that of the request, where the file holds requests.
  mutating func write(_ current: Case, row: Int, id: RawText?, to output: inout [UInt8]) {
    guard current.explanations.isEmpty, current.outlier == nil, current.judgements.isEmpty else {
      PredictionLine.json(current, row: row, id: id).write(to: &output)
      output.append(0x0A)
      return
    }
    output += #"{"row":"#.utf8
    append(row, to: &output)
    if let id {
      output += #","id":"#.utf8
      JSON.raw(id).write(to: &output)
    }
    output += #","case":""#.utf8
    appendHexadecimal(current.id.bytes, to: &output)
    output += #"""#.utf8
    if current.number > 0 {
      output += #","number":"#.utf8
      append(current.number, to: &output)
    }
    appendMoment(current.at, to: &output)
    if !current.sourceID.isEmpty {
      output += #","source_id":"#.utf8
      JSON.raw(current.sourceID).write(to: &output)
    }
    appendModel(current.model, to: &output)
    append(current.prediction, to: &output)
    if !current.standsInRows { output += #","batch":false"#.utf8 }
    output += #","inputs":["#.utf8
    append(current.record.tensors, to: &output)
    output += #"],"outputs":["#.utf8
    append(current.prediction.outputs, to: &output)
    output.append(UInt8(ascii: "]"))
    appendEnd(current.prediction, to: &output)
    output += "}\n".utf8
  }

  // MARK: What changes seldom

  private mutating func appendMoment(_ moment: Timestamp, to output: inout [UInt8]) {
    if moment != at {
      at = moment
      atText = Array(#","at":"\#(moment.description)""#.utf8)
    }
    output += atText
  }

  private mutating func appendModel(_ id: ModelID, to output: inout [UInt8]) {
    if id != model || modelText.isEmpty {
      model = id
      modelText = Array(#","model":"#.utf8) + JSON.raw(id.name).serialized
      if let version = id.version { modelText += Array(#","version":"#.utf8) + JSON.raw(version).serialized }
    }
    output += modelText
  }

  /// What names the request: the same for all of its rows.
  private mutating func appendEnd(_ prediction: Prediction, to output: inout [UInt8]) {
    let isSame =
      prediction.requestID == end.requestID && prediction.traceID == end.traceID && prediction.route == end.route
      && prediction.latency == end.latency
    if !isSame {
      end = prediction
      endText = []
      for (key, value) in [
        ("request_id", prediction.requestID), ("trace_id", prediction.traceID), ("route", prediction.route),
      ] where !value.isEmpty {
        endText += Array(",\"\(key)\":".utf8) + JSON.raw(value).serialized
      }
      if let latency = prediction.latency {
        endText += #","latency_ms":"#.utf8
        append(latency, to: &endText)
      }
    }
    output += endText
  }

  private mutating func appendLabel(_ label: RawText, to output: inout [UInt8]) {
    if let text = labels[label] {
      output += text
      return
    }
    let text = JSON.raw(label).serialized
    // Labels are few; free text in their place is not remembered.
    if labels.count < 64 { labels[label] = text }
    output += text
  }

  // MARK: What each line has for itself

  private mutating func append(_ prediction: Prediction, to output: inout [UInt8]) {
    switch prediction.answer {
    case .classes(let classes, _):
      output += #","label":"#.utf8
      appendLabel(prediction.label, to: &output)
      output += #","probabilities":{"#.utf8
      for (index, score) in classes.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        appendKey(score.label, to: &output)
        output.append(UInt8(ascii: ":"))
        if let probability = score.probability { append(probability, to: &output) } else { output += "null".utf8 }
      }
      output.append(UInt8(ascii: "}"))
    case .value(let value):
      output += #","value":"#.utf8
      append(value, to: &output)
    case .opaque: break
    }
  }

  /// A key is a string whatever its bytes.
  private mutating func appendKey(_ label: RawText, to output: inout [UInt8]) {
    if label.isUTF8 { appendLabel(label, to: &output) } else { JSON.string(label).write(to: &output) }
  }

  private mutating func append(_ tensors: [Tensor], to output: inout [UInt8]) {
    for (index, tensor) in tensors.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      let frame = frame(of: tensor)
      output += frames[frame].head
      append(tensor.elements, to: &output)
      output += frames[frame].tail
    }
  }

  private mutating func frame(of tensor: Tensor) -> Int {
    let known = frames.firstIndex { frame in
      frame.tensor.name == tensor.name && frame.tensor.datatype == tensor.datatype
        && frame.tensor.shape == tensor.shape && frame.tensor.parameters == tensor.parameters
    }
    if let known { return known }
    var bare = tensor
    bare.elements = .bool([])
    // The elements stand in the only empty list: a name's brackets are in quotes.
    let text = bare.json.serialized
    let mark = Array(#""data":["#.utf8)
    let start = text.indices.first { text[$0...].starts(with: mark) } ?? 0
    let frame = Frame(
      tensor: bare, head: Array(text[..<(start + mark.count)]), tail: Array(text[(start + mark.count)...]))
    // Shapes that change with every row are not remembered.
    if frames.count < 256 { frames.append(frame) } else { frames[255] = frame }
    return frames.count - 1
  }

  private mutating func append(_ elements: Tensor.Elements, to output: inout [UInt8]) {
    switch elements {
    case .bool(let values): each(values, to: &output) { $1 += ($0 ? "true" : "false").utf8 }
    case .signed(let values): each(values, to: &output) { append($0, to: &$1) }
    case .unsigned(let values): each(values, to: &output) { append($0, to: &$1) }
    case .single(let values): each(values, to: &output) { append(Double($0), to: &$1) }
    case .double(let values): each(values, to: &output) { append($0, to: &$1) }
    case .bytes(let values):
      each(values, to: &output) { value, output in (value.map(JSON.raw) ?? .null).write(to: &output) }
    }
  }

  private func each<Value>(
    _ values: [Value], to output: inout [UInt8], _ write: (Value, inout [UInt8]) -> Void
  ) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      write(value, &output)
    }
  }

  private func append(_ value: some BinaryInteger, to output: inout [UInt8]) { output += String(value).utf8 }

  /// As `JSON.exact` writes a number.
  private func append(_ value: Double, to output: inout [UInt8]) {
    guard value.isFinite else {
      output += (value.isNaN ? #""NaN""# : value > 0 ? #""Infinity""# : #""-Infinity""#).utf8
      return
    }
    if appendPlain(value, to: &output) { return }
    var text = value.description
    text.withUTF8 { bytes in
      let isWhole = bytes.count > 2 && bytes[bytes.count - 1] == 0x30 && bytes[bytes.count - 2] == 0x2E
      let isNegativeZero = value == 0 && bytes[0] == UInt8(ascii: "-")
      output += isWhole && !isNegativeZero ? bytes[..<(bytes.count - 2)] : bytes[...]
    }
  }

  /// A decimal of at most four places, as records mostly have them; false for any other number.
  ///
  /// Where a whole number of at most fifteen digits, divided by a power of ten, is the value, no other decimal of so few
  /// digits is: it is the shortest that reads back.
  private func appendPlain(_ value: Double, to output: inout [UInt8]) -> Bool {
    let magnitude = value.magnitude
    guard magnitude >= 1e-3, magnitude < 1e9 else { return false }
    let scaled = (magnitude * 1e4).rounded()
    guard scaled / 1e4 == magnitude else { return false }
    if value < 0 { output.append(UInt8(ascii: "-")) }
    let (whole, places) = UInt64(scaled).quotientAndRemainder(dividingBy: 10_000)
    var power: UInt64 = 1
    while power * 10 <= whole { power *= 10 }
    while power > 0 {
      output.append(0x30 + UInt8(whole / power % 10))
      power /= 10
    }
    guard places > 0 else { return true }
    output.append(UInt8(ascii: "."))
    var rest = places
    power = 1000
    while rest > 0 {
      output.append(0x30 + UInt8(rest / power))
      rest %= power
      power /= 10
    }
    return true
  }

  private func appendHexadecimal(_ bytes: [UInt8], to output: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
    for byte in bytes {
      output.append(digit(byte >> 4))
      output.append(digit(byte & 15))
    }
  }
}
