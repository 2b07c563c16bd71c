internal import Frames
internal import SafeText

/// The text of a dialog in lines as wide as the terminal has room for. It is kept from key to key: a table of ten thousand
/// rows is wrapped when it is opened, changes or has another width, not with each line that it is scrolled.
struct WrappedOutline: Equatable, Sendable {
  let outline: Outline
  let width: Int
  let lines: [StyledText]

  init(_ outline: Outline, width: Int) {
    self.outline = outline
    self.width = width
    let wrapped = outline.wrapped(to: width)
    lines = wrapped.isEmpty ? [StyledText("nothing is listed", .dim)] : wrapped.map { StyledText($0) }
  }
}

extension Overlay {
  /// The outline that it shows, and how far that is scrolled.
  var outline: (outline: Outline, scroll: Int)? {
    switch self {
    case .outline(let outline, let scroll), .table(let outline, let scroll): (outline, scroll)
    case .palette, .help, .problem, .themes, .tour: nil
    }
  }
}

extension AppState {
  /// An outline as a dialog of this terminal has it: the dialog's inside, a cell free at each side.
  func wrapping(of outline: Outline) -> WrappedOutline {
    let width = size.columns - 8
    if let wrapped, wrapped.width == width, wrapped.outline == outline { return wrapped }
    return WrappedOutline(outline, width: width)
  }

  /// Keeps what the dialog on top shows for the keys that scroll it.
  mutating func keepWrapping() { wrapped = overlay?.outline.map { wrapping(of: $0.outline) } }
}
