internal import Domain
internal import SafeText

extension FieldValue {
  /// The value in so many cells: of a list that is longer, `1 2 3 … (40)`, its first elements and how many there are.
  func shown(cells: Int) -> SafeText {
    guard case .list(let elements) = self else { return text.safe.cut(to: cells) }
    let separator: SafeText = if case .bytes = elements { ", " } else { " " }
    let ending = " … (\(elements.count))".safe
    var line = SafeText.empty
    var fitting = SafeText.empty
    for index in 0..<elements.count {
      line += (index == 0 ? .empty : separator) + elements.text(at: index).safe
      guard line.width <= cells else {
        let first = fitting.isEmpty ? elements.text(at: 0).safe.cut(to: max(1, cells - ending.width)) : fitting
        return elements.count == 1 ? line.cut(to: cells) : first + ending
      }
      if line.width + ending.width <= cells { fitting = line }
    }
    return line
  }
}
