internal import Domain

/// What requests and responses have in common: JSON, then the binary tensors that it announces.
struct WireMessage {
  var text: [RawText: RawText] = [:]
  var parameters: [JSON.Member]?
  var tensors: [Tensor]?
  var requested: [RequestedOutput]?

  /// Reads a body. `texts` are the string members to keep, `tensors` the member that holds tensors.
  init(
    decoding body: [UInt8], headerLength: Int?, limits: ScanLimits, texts: [RawText], tensors tensorsKey: RawText,
    requested requestedKey: RawText?, refusesHalfInJSON: Bool = false
  ) throws(OpenInferenceError) {
    let headerEnd = headerLength ?? body.count
    guard (0...body.count).contains(headerEnd) else {
      throw OpenInferenceError(.headerLength(RawText("\(headerEnd)"), bodySize: body.count))
    }
    var scanner = JSONScanner(bytes: body, end: headerEnd, limits: limits)
    var pending: [WireTensor]?
    try scanner.object(at: "") { (scanner, key) throws(OpenInferenceError) in
      switch key {
      case "parameters" where parameters == nil: parameters = try scanner.members(at: "parameters")
      case tensorsKey where pending == nil:
        var list: [WireTensor] = []
        try scanner.list(at: tensorsKey.string) { (scanner, index) throws(OpenInferenceError) in
          guard index < limits.tensors else {
            throw OpenInferenceError(.tooMany(limit: limits.tensors), at: tensorsKey.string)
          }
          list.append(try WireTensor.tensor(from: &scanner, at: "\(tensorsKey.string)[\(index)]"))
        }
        pending = list
      case requestedKey where requested == nil:
        if scanner.accept(word: "null") { break }
        var list: [RequestedOutput] = []
        try scanner.list(at: key.string) { (scanner, index) throws(OpenInferenceError) in
          list.append(try RequestedOutput(from: &scanner, at: "\(key.string)[\(index)]"))
        }
        requested = list
      case _ where texts.contains(key) && text[key] == nil:
        if let value = try scanner.optionalText(at: key.string) { text[key] = value }
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    var binary = body[headerEnd...]
    if let pending {
      var finished: [Tensor] = []
      for tensor in pending {
        if refusesHalfInJSON, let datatype = tensor.datatype, datatype.needsBinary, tensor.elements != nil {
          throw OpenInferenceError(.needsBinary(datatype.rawValue), at: tensor.place)
        }
        finished.append(try tensor.finished(taking: &binary, limits: limits))
      }
      tensors = finished
    }
    guard binary.isEmpty else { throw OpenInferenceError(.trailingBytes(binary.count)) }
  }
}
