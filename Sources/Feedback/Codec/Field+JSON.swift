public import Domain

extension Field: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let limits = try json.doubles("range")
    guard limits.isEmpty || limits.count == 2 && limits[0] <= limits[1] else {
      throw EventBodyError("range is no range")
    }
    guard let layer = SignatureLayer(rawValue: try json.optionalInt("layer") ?? 0) else {
      throw EventBodyError("layer is no layer")
    }
    self.init(
      name: try json.raw("name"), kind: try Kind(json: json["kind"] ?? .null),
      place: Place(
        tensor: try json.requiredInt("tensor"), offset: try json.requiredInt("offset"),
        count: try json.optionalInt("count") ?? 1),
      unit: try json.raw("unit"), range: limits.isEmpty ? nil : limits[0]...limits[1], layer: layer)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("kind", kind)
    object.put("tensor", place.tensor)
    object.put("offset", place.offset)
    object.put("count", place.count)
    object.putUnlessEmpty("unit", unit)
    if let range { object.put("range", JSON.array([.exact(range.lowerBound), .exact(range.upperBound)])) }
    object.put("layer", layer.rawValue)
    return object.json
  }
}

extension Field.Kind: JSONCodable {
  private enum Word: String { case number, integer, flag, category, text, image, list, open }

  public init(json: JSON) throws(EventBodyError) {
    let datatype = try json.choice("datatype", Datatype.self)
    switch (try json.choice("is", Word.self), datatype) {
    case (.number, .some(let datatype)): self = .number(datatype)
    case (.integer, .some(let datatype)): self = .integer(datatype)
    case (.image, .some(let datatype)):
      self = .image(rows: try json.requiredInt("rows"), columns: try json.requiredInt("columns"), datatype)
    case (.list, .some(let datatype)): self = .list(datatype)
    case (.open, .some(let datatype)): self = .open(datatype)
    case (.flag, _): self = .flag
    case (.category, _): self = .category(try json.raws("labels"))
    case (.text, _): self = .text
    default: throw EventBodyError("a field has no kind")
    }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    func put(_ word: Word, _ datatype: Datatype? = nil) {
      object.put("is", RawText(word.rawValue))
      object.put("datatype", datatype.map { RawText($0.rawValue) })
    }
    switch self {
    case .number(let datatype): put(.number, datatype)
    case .integer(let datatype): put(.integer, datatype)
    case .flag: put(.flag)
    case .category(let labels):
      put(.category)
      object.put("labels", JSON.array(labels.map(JSON.raw)))
    case .text: put(.text)
    case .image(let rows, let columns, let datatype):
      put(.image, datatype)
      object.put("rows", rows)
      object.put("columns", columns)
    case .list(let datatype): put(.list, datatype)
    case .open(let datatype): put(.open, datatype)
    }
    return object.json
  }
}

extension FieldValue: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let member = json.members?.first, let kind = member.key.isUTF8 ? member.key.string : nil else {
      self = .missing
      return
    }
    switch (kind, member.value) {
    case ("number", let value):
      guard let number = value.exactNumber else { throw EventBodyError("number is no number") }
      self = .number(number)
    case ("integer", let value):
      guard let integer = value.integer else { throw EventBodyError("integer is no whole number") }
      self = .integer(integer)
    case ("unsigned", let value):
      guard let integer = value.unsignedInteger else { throw EventBodyError("unsigned is no whole number") }
      self = .unsigned(integer)
    case ("flag", .bool(let flag)): self = .flag(flag)
    case ("text", let value):
      guard let text = value.rawText else { throw EventBodyError("text is no text") }
      self = .text(text)
    case ("image", _): self = .image(try json.doubles("image"))
    case ("list", let value):
      guard let datatype = try value.choice("datatype", Datatype.self) else {
        throw EventBodyError("a list has no datatype")
      }
      self = .list(try Tensor.Elements(datatype, try value.optionalArray("data")))
    default: throw EventBodyError("\(kind) is no kind of value")
    }
  }

  public var json: JSON {
    switch self {
    case .missing: .null
    case .number(let value): .object(["number": .exact(value)])
    case .integer(let value): .object(["integer": .integer(value)])
    case .unsigned(let value):
      .object(["unsigned": value <= UInt64(Int64.max) ? .integer(Int64(value)) : .unsigned(value)])
    case .flag(let value): .object(["flag": .bool(value)])
    case .text(let value): .object(["text": JSON.raw(value)])
    case .image(let pixels): .object(["image": .array(pixels.map(JSON.exact))])
    case .list(let elements):
      .object(["list": .object(["data": .array(elements.json), "datatype": .text(elements.widest.rawValue)])])
    }
  }
}
