internal import Domain
internal import SafeText

/// A record's values, several to a line, those that are named first before the others.
enum RecordLines {
  static func lines(of record: Record, _ signature: Signature?, first named: [RawText] = [], width: Int) -> [SafeText] {
    guard let signature else { return record.tensors.map { $0.name.safe + " " + $0.text(at: 0).safe } }
    let values = signature.values(in: record)
    let first = named.compactMap { name in signature.fields.firstIndex { $0.name == name } }
    let places = first + signature.fields.indices.filter { !first.contains($0) }
    var lines: [SafeText] = []
    var line: SafeText = .empty
    for place in places where place < values.count {
      switch signature.fields[place].kind {
      case .image: continue
      case .text:
        lines += values[place].text.safe.wrapped(to: width)
        continue
      case .number, .integer, .flag, .category, .list, .open: break
      }
      let name = signature.fields[place].name.safe + " "
      let part = name + values[place].shown(cells: max(8, width - name.width))
      if !line.isEmpty, line.width + 3 + part.width > width {
        lines.append(line)
        line = .empty
      }
      line = line.isEmpty ? part : line + "   " + part
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
