import Domain

extension Field {
  var typeText: String {
    switch kind {
    case .number(let datatype), .integer(let datatype): datatype.rawValue
    case .flag: "BOOL"
    case .category, .text: "BYTES"
    case .image(let rows, let columns, let datatype): "\(datatype.rawValue) \(rows)x\(columns)"
    case .list(let datatype): "\(datatype.rawValue) list" + (place.count > 1 ? " of \(place.count)s" : "")
    case .open(let datatype): "\(datatype.rawValue), no form"
    }
  }

  var valuesText: String {
    if case .category(let labels) = kind { return labels.map(\.string).joined(separator: ", ") }
    return range?.text ?? ""
  }
}
