/// What each role looks like.
public struct Theme: Hashable, Sendable {
  public var name: String
  private var inks: [Ink]

  /// A theme that leaves every role at the terminal's own colours.
  public init(name: String) {
    self.name = name
    inks = Array(repeating: Ink(), count: Role.allCases.count)
  }

  public subscript(role: Role) -> Ink {
    get { inks[Int(role.rawValue)] }
    set { inks[Int(role.rawValue)] = newValue }
  }

  /// The terminal's own colours, ANSI colours for states, 214 and 74 of the 256 for data: reads on light and dark.
  public static let standard: Theme = {
    var theme = Theme(name: "default")
    theme[.dim] = Ink(dim: true)
    theme[.accent] = Ink(colour: 6, bold: true)
    theme[.select] = Ink(colour: 6)
    theme[.ok] = Ink(colour: 2)
    theme[.warn] = Ink(colour: 3)
    theme[.bad] = Ink(colour: 1)
    theme[.info] = Ink(colour: 6)
    theme[.positive] = Ink(colour: 214, basicColour: 3)
    theme[.negative] = Ink(colour: 74, basicColour: 4)
    theme[.heatLow] = Ink(colour: 74, basicColour: 4)
    theme[.heatHigh] = Ink(colour: 214, basicColour: 3)
    return theme
  }()
}
