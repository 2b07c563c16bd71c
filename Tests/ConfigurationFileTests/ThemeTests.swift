import ConfigurationFile
import Foundation
import Frames
import Testing

@Suite("A theme file")
struct ThemeTests {
  static let folder: URL = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("themes")
  }()

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  private func shipped(_ name: String) throws -> ThemeFile {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name + ".toml"))
    return try ThemeFile(parsing: Array(bytes), name: name)
  }

  @Test("ships for each theme that is built in, and is equal to it", arguments: Theme.builtIn)
  func builtIn(theme: Theme) throws {
    #expect(try shipped(theme.name).theme == theme)
  }

  @Test("that ships can be read on every background it claims: 4.5 for words, 3 for data", arguments: names)
  func contrast(name: String) throws {
    let file = try shipped(name)
    #expect(file.weakContrasts == [])
    #expect(!file.summary.isEmpty)
    guard name != "default", name != "mono" else { return }
    // Whoever has a black, a white or a Solarized terminal can take any theme of that kind.
    let ground = name.hasSuffix("light") ? ["#ffffff", "#fdf6e3"] : ["#000000", "#002b36"]
    #expect(Set(file.backgrounds.map(\.description)).isSuperset(of: ground))
    // What is one of the 16 is the terminal's to choose: only the default theme leaves it that.
    for role in Role.allCases { #expect((file.theme[role].colour ?? 16) >= 16, "\(role)") }
  }

  @Test("by default gives words to the terminal: their roles have one of its own 16 colours, or none")
  func terminalsOwn() throws {
    for theme in [Theme.standard, .mono] {
      for role in Role.allCases where ![.positive, .negative, .heatLow, .heatHigh].contains(role) {
        #expect((theme[role].colour ?? 0) < 16, "\(theme.name) \(role)")
      }
    }
  }

  @Test("of high contrast has 7 for every word", arguments: ["high-contrast", "high-contrast-light"])
  func highContrast(name: String) throws {
    let file = try shipped(name)
    for role in Role.allCases where ![.positive, .negative, .heatLow, .heatHigh].contains(role) {
      guard let colour = file.theme[role].colour.flatMap({ Palette.colour($0) }) else { continue }
      for background in file.backgrounds { #expect(colour.contrast(with: background) >= 7, "\(role)") }
    }
  }

  @Test("that claims too much is told which role is weak where")
  func weak() throws {
    let text = "backgrounds = [\"#ffffff\", \"#000000\"]\n[roles]\nwarn = \"214/yellow\"\npos = \"bold #ff0000\""
    let file = try ThemeFile(parsing: Array(text.utf8), name: "mine")
    #expect(file.theme[.positive] == Ink(colour: 196, bold: true))
    #expect(file.weakContrasts.map(\.role) == [.warn] && file.weakContrasts.first?.line == 3)
    #expect(file.weakContrasts.first.map { ($0.contrast * 10).rounded() } == 18)
  }

  @Test(
    "that is wrong says where",
    arguments: [
      ("[roles]\nwarm = \"red\"", "2: there is no setting \"warm\" in [roles]; did you mean warn?"),
      ("[roles]\nwarn = \"reddish\"", "2: warn cannot look like \"reddish\""),
      ("[roles]\nwarn = \"bold yelow\"", "2: warn cannot look like \"bold yelow\"; did you mean yellow?"),
      (
        "[roles]\nwarn = \"214/bright-gren\"",
        "2: warn cannot look like \"214/bright-gren\"; did you mean bright-green?"
      ),
      ("[roles]\nwarn = \"256\"", "2: warn cannot look like \"256\""),
      ("[roles]\nwarn = \"#12345\"", "2: warn cannot look like \"#12345\""),
      ("warn = \"red\"", "1: there is no setting \"warn\" in the theme; roles stand under [roles]"),
      ("backgrounds = [\"white\"]", "1: \"white\" is no colour; backgrounds are written #rrggbb"),
      ("roles = 1", "1: [roles] is a number, not a table"),
    ])
  func mistake(text: String, expected: String) throws {
    let error = #expect(throws: Mistakes.self) { try ThemeFile(parsing: Array(text.utf8), name: "mine") }
    let said = try #require(error).all.map { $0.text(in: "f") }
    #expect(said.contains { $0.hasPrefix("f:" + expected) }, "\(said)")
  }

  @Test("takes the nearest of the 256 colours, and contrast as WCAG counts it")
  func colours() throws {
    for number in UInt8(16)...255 {
      let colour = try #require(Palette.colour(number))
      #expect(Palette.colour(Palette.nearest(to: colour)) == colour)
    }
    let black = Colour(red: 0, green: 0, blue: 0)
    let white = Colour(red: 255, green: 255, blue: 255)
    #expect(abs(black.contrast(with: white) - 21) < 1e-9)
    // The first grey that passes on white.
    #expect(abs(Colour(red: 118, green: 118, blue: 118).contrast(with: white) - 4.54) < 0.005)
    #expect(Colour("#+12345") == nil)
    #expect(Colour("#8a8A8a") == Colour(red: 138, green: 138, blue: 138))
  }
}
