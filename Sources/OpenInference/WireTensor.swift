internal import Domain

/// A tensor as it is read: its members come in any order, its elements perhaps as bytes after the JSON.
struct WireTensor {
  let place: String
  var name: RawText?
  var datatype: Datatype?
  var shape: [Int]?
  var parameters: [JSON.Member]?
  var elements: Tensor.Elements?
  /// Where `data` starts, when it came before the datatype.
  var deferredData: Int?

  /// Bytes of this tensor after the JSON; nil when its data stands in the JSON.
  var binarySize: Int? {
    parameters?.first { $0.key == "binary_data_size" }?.value.integer.map { Int($0) }
  }

  static func tensor(from scanner: inout JSONScanner, at place: String) throws(OpenInferenceError) -> WireTensor {
    var tensor = WireTensor(place: place)
    try scanner.object(at: place) { (scanner, key) throws(OpenInferenceError) in
      try tensor.take(key, from: &scanner)
    }
    if let start = tensor.deferredData, let datatype = tensor.datatype {
      let after = scanner.position
      scanner.position = start
      tensor.elements = try scanner.elements(datatype, at: place + ".data")
      scanner.position = after
    }
    return tensor
  }

  private mutating func take(_ key: RawText, from scanner: inout JSONScanner) throws(OpenInferenceError) {
    switch key {
    case "name" where name == nil: name = try scanner.text(at: place + ".name")
    case "datatype" where datatype == nil:
      let text = try scanner.text(at: place + ".datatype")
      guard let known = Datatype(rawValue: text.string) else {
        throw OpenInferenceError(.unknownDatatype(text), at: place + ".datatype")
      }
      datatype = known
    case "shape" where shape == nil: shape = try WireTensor.extents(try scanner.value(), at: place + ".shape")
    case "parameters" where parameters == nil: parameters = try scanner.members(at: place + ".parameters")
    case "data" where elements == nil && deferredData == nil:
      if let datatype {
        elements = try scanner.elements(datatype, at: place + ".data")
      } else {
        deferredData = scanner.position
        try scanner.skipValue()
      }
    default: try scanner.skipValue()
    }
  }

  /// Extents, none of them below `lowest`.
  static func extents(_ value: JSON, lowest: Int = 0, at place: String) throws(OpenInferenceError) -> [Int] {
    guard let list = value.array else { throw OpenInferenceError(.expected("a list"), at: place) }
    var extents: [Int] = []
    for (index, element) in list.enumerated() {
      guard let extent = element.integer.flatMap({ Int(exactly: $0) }), extent >= lowest else {
        throw OpenInferenceError(.expected("a whole number from \(lowest)"), at: "\(place)[\(index)]")
      }
      extents.append(extent)
    }
    return extents
  }

  /// The tensor, its elements from the JSON or from the front of `binary`, which they are taken off.
  func finished(taking binary: inout ArraySlice<UInt8>, limits: ScanLimits) throws(OpenInferenceError) -> Tensor {
    guard let name else { throw OpenInferenceError(.missing, at: place + ".name") }
    guard let shape else { throw OpenInferenceError(.missing, at: place + ".shape") }
    guard let datatype else { throw OpenInferenceError(.missing, at: place + ".datatype") }
    guard let count = Tensor.product(shape), count <= limits.elements else {
      throw OpenInferenceError(.tooMany(limit: limits.elements), at: place + ".shape")
    }
    var elements = elements
    if let size = binarySize {
      guard size >= 0, size <= binary.count else {
        throw OpenInferenceError(.binarySize(binary.count, needed: size), at: place)
      }
      elements = try BinaryElements.decode(binary.prefix(size), datatype, count: count, at: place)
      binary = binary.dropFirst(size)
    }
    guard let elements else { throw OpenInferenceError(.missing, at: place + ".data") }
    guard elements.count == count else {
      throw OpenInferenceError(.wrongCount(elements.count, shape: shape), at: place + ".data")
    }
    let kept = (parameters ?? []).filter { $0.key != "binary_data_size" }
    return Tensor(name: name, datatype: datatype, shape: shape, elements: elements, parameters: kept)
  }
}
