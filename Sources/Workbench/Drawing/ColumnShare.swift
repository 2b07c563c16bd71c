/// How two columns beside one another share their cells.
enum ColumnShare {
  /// The cells of the first of two columns that have `room` together: `wanted` as long as neither needs more, else the one
  /// that does has what the other can spare.
  static func first(_ wanted: Int, needs first: Int, beside second: Int, of room: Int) -> Int {
    if first > wanted { return wanted + max(0, min(first - wanted, room - wanted - second)) }
    return wanted - max(0, min(wanted - first, second - (room - wanted)))
  }
}
