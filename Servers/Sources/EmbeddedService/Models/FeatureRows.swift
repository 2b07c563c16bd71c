/// Rows of features, one after another. Boosters read them as 32-bit floats, detectors as they are.
struct FeatureRows: Hashable, Sendable {
  var values: [Double]
  var count: Int
  var width: Int

  subscript(row: Int) -> ArraySlice<Double> { values[row * width..<(row + 1) * width] }

  /// One feature of every row.
  func column(_ feature: Int) -> [Double] { (0..<count).map { values[$0 * width + feature] } }
}
