extension Theme {
  /// For light backgrounds: colours of the 256 that do not depend on the terminal's own.
  public static let light: Theme = {
    var theme = Theme(name: "light")
    theme[.dim] = Ink(colour: 241)
    theme[.accent] = Ink(colour: 25, basicColour: 4, bold: true)
    theme[.select] = Ink(colour: 25, basicColour: 4)
    theme[.ok] = Ink(colour: 22, basicColour: 2)
    theme[.warn] = Ink(colour: 94, basicColour: 3)
    theme[.bad] = Ink(colour: 124, basicColour: 1)
    theme[.info] = Ink(colour: 25, basicColour: 4)
    theme[.positive] = Ink(colour: 166, basicColour: 3)
    theme[.negative] = Ink(colour: 32, basicColour: 4)
    theme[.heatLow] = Ink(colour: 32, basicColour: 4)
    theme[.heatHigh] = Ink(colour: 166, basicColour: 3)
    return theme
  }()

  /// For dark backgrounds, likewise.
  public static let dark: Theme = {
    var theme = Theme(name: "dark")
    theme[.dim] = Ink(colour: 247)
    theme[.accent] = Ink(colour: 80, basicColour: 6, bold: true)
    theme[.select] = Ink(colour: 80, basicColour: 6)
    theme[.ok] = Ink(colour: 114, basicColour: 2)
    theme[.warn] = Ink(colour: 221, basicColour: 3)
    theme[.bad] = Ink(colour: 210, basicColour: 1)
    theme[.info] = Ink(colour: 117, basicColour: 6)
    theme[.positive] = Ink(colour: 214, basicColour: 3)
    theme[.negative] = Ink(colour: 74, basicColour: 4)
    theme[.heatLow] = Ink(colour: 74, basicColour: 4)
    theme[.heatHigh] = Ink(colour: 214, basicColour: 3)
    return theme
  }()

  /// For dark backgrounds; every word has a contrast of 7 or more.
  public static let highContrast: Theme = {
    var theme = Theme(name: "high-contrast")
    theme[.dim] = Ink(colour: 250)
    theme[.accent] = Ink(colour: 51, basicColour: 6, bold: true)
    theme[.select] = Ink(colour: 51, basicColour: 6, bold: true)
    theme[.ok] = Ink(colour: 46, basicColour: 2, bold: true)
    theme[.warn] = Ink(colour: 226, basicColour: 3, bold: true)
    theme[.bad] = Ink(colour: 217, basicColour: 1, bold: true)
    theme[.info] = Ink(colour: 123, basicColour: 6, bold: true)
    theme[.positive] = Ink(colour: 214, basicColour: 3)
    theme[.negative] = Ink(colour: 117, basicColour: 6)
    theme[.heatLow] = Ink(colour: 117, basicColour: 6)
    theme[.heatHigh] = Ink(colour: 214, basicColour: 3)
    return theme
  }()

  /// For light backgrounds; every word has a contrast of 7 or more.
  public static let highContrastLight: Theme = {
    var theme = Theme(name: "high-contrast-light")
    theme[.dim] = Ink(colour: 238)
    theme[.accent] = Ink(colour: 18, basicColour: 4, bold: true)
    theme[.select] = Ink(colour: 18, basicColour: 4, bold: true)
    theme[.ok] = Ink(colour: 22, basicColour: 2, bold: true)
    theme[.warn] = Ink(colour: 52, basicColour: 3, bold: true)
    theme[.bad] = Ink(colour: 88, basicColour: 1, bold: true)
    theme[.info] = Ink(colour: 18, basicColour: 4, bold: true)
    theme[.positive] = Ink(colour: 130, basicColour: 3)
    theme[.negative] = Ink(colour: 25, basicColour: 4)
    theme[.heatLow] = Ink(colour: 25, basicColour: 4)
    theme[.heatHigh] = Ink(colour: 130, basicColour: 3)
    return theme
  }()

  /// No colour at all: bold, underline and reverse carry what there is.
  public static let mono = Theme(name: "mono")

  /// The themes that need no file.
  public static let builtIn = [standard, light, dark, highContrast, highContrastLight, mono]
}
