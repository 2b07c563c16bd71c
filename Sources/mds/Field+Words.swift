import Domain

extension Field {
  var typeText: String {
    switch kind {
    case .number(let datatype), .integer(let datatype): datatype.rawValue
    case .flag: "BOOL"
    case .category, .text: "BYTES"
    case .image(let rows, let columns, let datatype): "\(datatype.rawValue) \(rows)x\(columns)"
    }
  }

  var valuesText: String {
    if case .category(let labels) = kind { return labels.map(\.string).joined(separator: ", ") }
    return range?.text ?? ""
  }
}
