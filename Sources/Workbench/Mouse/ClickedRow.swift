/// A row of a list that was clicked on.
struct ClickedRow: Equatable, Sendable {
  var place: Place
  var row: Int
}
