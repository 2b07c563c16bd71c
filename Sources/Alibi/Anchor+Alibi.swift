internal import Domain

extension Anchor {
  /// Reads AnchorTabular's rule, or AnchorText's words with their places.
  init(alibi json: JSON) throws(AlibiError) {
    guard let predicates = json.member("data.anchor")?.texts else {
      throw .malformed("data.anchor", needed: "a list of texts")
    }
    self.init(
      predicates: predicates, precision: try json.loneNumber("data.precision"),
      coverage: try json.loneNumber("data.coverage"), steps: Anchor.steps(json, count: predicates.count),
      positions: Anchor.byteOffsets(json))
  }

  /// Reads AnchorImage: the segments of the picture and those that the answer needs.
  init(alibiImage json: JSON) throws(AlibiError) {
    guard let rows = json.member("data.segments")?.array else {
      throw .malformed("data.segments", needed: "a list of rows")
    }
    var ids: [Int] = []
    let columns = rows.first?.array?.count ?? 0
    for row in rows {
      let values = (row.array ?? []).compactMap { $0.integer.flatMap { Int(exactly: $0) } }
      guard values.count == columns else { throw .malformed("data.segments", needed: "rows of one length") }
      ids += values
    }
    let kept = json.integers("data.raw.feature")
    self.init(
      predicates: [], precision: try json.loneNumber("data.precision"),
      coverage: try json.loneNumber("data.coverage"), steps: Anchor.steps(json, count: kept.count),
      segments: Segments(rows: rows.count, columns: columns, ids: ids, kept: kept))
  }

  /// Precision after each predicate. The search may have tried one more than the anchor keeps.
  private static func steps(_ json: JSON, count: Int) -> [Double] {
    Array((json.member("data.raw.precision")?.numbers ?? []).prefix(count))
  }

  /// Alibi counts characters (code points); the places here are bytes.
  private static func byteOffsets(_ json: JSON) -> [Int] {
    guard let text = json.member("data.raw.instance")?.text else { return [] }
    let starts = text.bytes.indices.filter { text.bytes[$0] & 0xC0 != 0x80 }
    return json.integers("data.raw.positions").map { position in
      starts.indices.contains(position) ? starts[position] : text.bytes.count
    }
  }
}
