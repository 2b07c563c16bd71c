internal import Domain
internal import SafeText

/// A record name by name: the fields of its signature, those without a value too, then what no field takes.
struct RecordValues {
  /// A value with its name. What stands for a tensor has no kind: nobody said what it is.
  struct Item {
    var name: SafeText
    var kind: Field.Kind?
    var value: FieldValue
  }

  private(set) var items: [Item] = []

  init(_ record: Record, _ signature: Signature?) {
    if let signature {
      items = zip(signature.fields, signature.values(in: record)).map {
        Item(name: $0.name.safe, kind: $0.kind, value: $1)
      }
    }
    // Nobody judges on a part of a record for a whole.
    items += record.tensors.filter { signature?.takes($0) != true }.map { tensor in
      Item(name: tensor.name.safe, kind: nil, value: .list(tensor.elements))
    }
  }
}

extension RecordValues.Item {
  /// The one text that the value is, where it is one.
  var words: SafeText? {
    switch value {
    case .text(let text): text.safe
    case .list(.bytes(let texts)) where texts.count == 1: texts[0]?.safe
    case .list, .missing, .number, .integer, .unsigned, .flag, .image: nil
    }
  }

  /// The value whole, on one line: `·` where there is none, `""` for a text without a letter.
  var whole: SafeText {
    switch value {
    case .missing: "·"
    case .image: picture
    case .list(let elements) where elements.isAbsent: "·"
    case .list(let elements) where elements.count > 1: value.text.safe
    case .list, .text, .number, .integer, .unsigned, .flag: Self.visible(words ?? value.text.safe)
    }
  }

  /// The same in so many cells: of a list its first elements and how many there are.
  func shown(cells: Int) -> SafeText {
    if case .list(let elements) = value, elements.count > 1 { return value.shown(cells: cells) }
    return whole.cut(to: cells)
  }

  private var picture: SafeText {
    guard case .image(let rows, let columns, _)? = kind else { return "a picture" }
    return "a picture, \(rows) × \(columns)".safe
  }

  private static func visible(_ text: SafeText) -> SafeText { text.isEmpty ? "\"\"" : text }
}

extension Tensor.Elements {
  /// Whether nothing was given: no element, or the only one is null.
  fileprivate var isAbsent: Bool {
    if case .bytes(let texts) = self, texts.count == 1 { return texts[0] == nil }
    return count == 0
  }
}

extension Signature {
  /// Whether fields of the signature hold every element of a tensor.
  fileprivate func takes(_ tensor: Tensor) -> Bool {
    guard let place = inputs.firstIndex(where: { $0.name == tensor.name }) else { return false }
    return fields.contains { field in
      guard field.place.tensor == place else { return false }
      switch field.kind {
      case .list, .open: return true
      case .number, .integer, .flag, .category, .text, .image:
        return field.place.offset + field.place.count >= tensor.count
      }
    }
  }
}
