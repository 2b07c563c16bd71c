/// One value that an analyst fills in: its name, its type, its limits, and where they came from.
public struct Field: Hashable, Sendable {
  public var name: RawText
  public var kind: Kind
  /// `g/l`, `t`; empty when nobody said.
  public var unit: RawText
  /// The values that the model's makers expect; nil when nobody said.
  public var range: ClosedRange<Double>?
  /// Where the range or the categories came from.
  public var layer: SignatureLayer
  /// Whether the model answers without it.
  public var isOptional = false
  /// Which input tensor, and which elements of its row, hold the value.
  public var place: Place

  /// A tensor of the signature and the elements of one row of it; of a list, the elements that make one step of its
  /// open extent.
  public struct Place: Hashable, Sendable {
    public var tensor: Int
    public var offset: Int
    public var count: Int

    public init(tensor: Int, offset: Int, count: Int = 1) {
      self.tensor = tensor
      self.offset = offset
      self.count = count
    }
  }

  /// What a value may be.
  public enum Kind: Hashable, Sendable {
    case number(Datatype)
    case integer(Datatype)
    case flag
    /// One of these labels.
    case category([RawText])
    case text
    /// A picture, row by row.
    case image(rows: Int, columns: Int, Datatype)
    /// Any number of values: a row with one open extent.
    case list(Datatype)
    /// A row with several open extents: no form tells its shape, a whole request does.
    case open(Datatype)
  }

  public init(
    name: RawText, kind: Kind, place: Place, unit: RawText = "", range: ClosedRange<Double>? = nil,
    layer: SignatureLayer = .service
  ) {
    self.name = name
    self.kind = kind
    self.place = place
    self.unit = unit
    self.range = range
    self.layer = layer
  }

  /// The one field of a model of which no input is known: a request of the Open Inference Protocol, written as JSON.
  public static let request = Field(name: "request", kind: .text, place: Place(tensor: -1, offset: 0))

  /// The fields of input tensors: one a column for a matrix, one a tensor for a column of its own, a picture or a list.
  /// `isBatched` is the signature's.
  public static func fields(of inputs: [TensorSpec], isBatched: Bool = true) -> [Field] {
    inputs.enumerated().flatMap { index, input in
      let isOptional = input[parameter: "optional"]?.bool == true
      return fields(of: input, at: index, isBatched: isBatched).map { field in
        var field = field
        field.isOptional = isOptional
        return field
      }
    }
  }

  /// More nameless elements of a tensor than these are no form: metadata may declare a billion of them.
  private static let mostFields = 4096

  private static func fields(of input: TensorSpec, at index: Int, isBatched: Bool) -> [Field] {
    let shape = input.recordShape(isBatched: isBatched)
    if shape.contains(where: { $0 < 0 }) { return [list(of: input, shape, at: index)] }
    let width = Tensor.product(shape) ?? 1
    if width > 1, let size = pictureSize(of: input, shape) {
      let range = self.range(in: input[parameter: "value_range"] ?? input[parameter: "ranges"]?[0])
      let place = Place(tensor: index, offset: 0, count: width)
      return [
        Field(
          name: input.name, kind: .image(rows: size.rows, columns: size.columns, input.datatype), place: place,
          range: range)
      ]
    }
    let names = input[parameter: "feature_names"]?.texts
    guard width <= mostFields || names?.count == width else {
      let place = Place(tensor: index, offset: 0, count: width)
      return [Field(name: input.name, kind: .open(input.datatype), place: place)]
    }
    let units = input[parameter: "units"]?.texts ?? []
    return (0..<width).map { offset in
      let name: RawText
      if let names, names.count == width {
        name = names[offset]
      } else {
        name = width == 1 ? input.name : RawText("\(input.name.string)[\(offset)]")
      }
      let range = self.range(in: input[parameter: "ranges"]?[offset] ?? input[parameter: "value_range"])
      return Field(
        name: name, kind: kind(of: input), place: Place(tensor: index, offset: offset),
        unit: offset < units.count ? units[offset] : "", range: range)
    }
  }

  /// The field of a row with open extents.
  private static func list(of input: TensorSpec, _ shape: [Int], at index: Int) -> Field {
    let lot = Tensor.product(shape.filter { $0 >= 0 }) ?? 0
    let isList = shape.count { $0 < 0 } == 1 && lot > 0
    return Field(
      name: input.name, kind: isList ? .list(input.datatype) : .open(input.datatype),
      place: Place(tensor: index, offset: 0, count: max(1, lot)), unit: input[parameter: "units"]?.texts?.first ?? "",
      range: range(in: input[parameter: "value_range"] ?? input[parameter: "ranges"]?[0]))
  }

  private static func kind(of input: TensorSpec) -> Kind {
    if let categories = input[parameter: "categories"]?.texts, !categories.isEmpty { return .category(categories) }
    switch input.datatype {
    case .bytes: return .text
    case .bool: return .flag
    case .fp16, .bf16, .fp32, .fp64: return .number(input.datatype)
    default: return .integer(input.datatype)
    }
  }

  private static func range(in value: JSON?) -> ClosedRange<Double>? {
    guard let low = value?[0]?.number, let high = value?[1]?.number, low <= high else { return nil }
    return low...high
  }

  /// A row of [H,W] or [H,W,1] numbers without feature names is a picture.
  private static func pictureSize(of input: TensorSpec, _ shape: [Int]) -> (rows: Int, columns: Int)? {
    guard input.datatype != .bytes, input[parameter: "feature_names"] == nil else { return nil }
    let extents = shape.first == 1 ? Array(shape.dropFirst()) : shape
    switch extents.count {
    case 2 where extents[0] > 1 && extents[1] > 1: return (extents[0], extents[1])
    case 3 where extents[2] == 1 && extents[0] > 1 && extents[1] > 1: return (extents[0], extents[1])
    default: return nil
    }
  }
}
