import ArgumentParser
import ConfigurationFile
import Domain
import Frames
import Glibc
import Operations
import SafeText
import Shell
import Workbench

/// What opens the workbench, whatever it is opened on.
enum Session {
  /// Runs the loop on this thread; `prepare` begins work beside it.
  static func run(
    _ workspace: Workspace, _ file: UserSettings, looks: Looks,
    prepare: (@Sendable (@escaping @Sendable (Action) -> Void) -> Void)? = nil
  ) throws -> Int32 {
    let start = ContinuousClock().now
    let milliseconds: @Sendable () -> Int = { Int((ContinuousClock().now - start) / .milliseconds(1)) }
    let performer = Performer(workspace, milliseconds: milliseconds)
    workspace.noteSession()
    let hands = Hands(performer)
    var state = AppState(
      context: workspace.context.name,
      analyst: workspace.analyst.string.hasPrefix("unix:")
        ? "\(Machine.user)@\(Machine.host)" : workspace.analyst.string,
      keymap: Keymap.standard.with(file.settings?.keys ?? []))
    state.review.order.isBlind = file.settings?.blind ?? false
    state.savesOnVerdict = file.settings?.save == .onVerdict
    state.banner = workspace.context.banner
    state.models.allowsLoading = workspace.context.allowsLoading
    state.models.canFollow = workspace.context.hasControlPlane
    var looks = looks
    looks.banner = workspace.context.banner.map { Banner(SafeText($0)) }
    let mailbox: Mailbox
    let loop: () -> Int32
    do throws(Problem) {
      (mailbox, loop) = try begin(state, hands, looks, banner: workspace.context.banner)
    } catch {
      throw Failure(error)
    }
    prepare? { mailbox.post($0) }
    performer.begin { mailbox.post($0) }
    let status = loop()
    performer.finish()
    workspace.close()
    return status
  }

  /// The loop with a screen, or the one without.
  private static func begin(
    _ state: AppState, _ hands: Hands, _ looks: Looks, banner: String?
  ) throws(Problem) -> (Mailbox, () -> Int32) {
    guard looks.isPlain else {
      let loop = try Loop(state: state, performer: hands, looks: looks) { Machine.now }
      return (loop.mailbox, loop.run)
    }
    let loop = try PlainLoop(state: state, performer: hands, isASCII: looks.isASCII, banner: banner) { Machine.now }
    return (loop.mailbox, loop.run)
  }
}

/// Joins the loop's effects to what performs them.
final class Hands: EffectPerformer {
  private let performer: Performer

  init(_ performer: Performer) { self.performer = performer }

  func perform(_ effect: Effect, _ mailbox: Mailbox) {
    performer.perform(effect) { mailbox.post($0) }
  }

  func edit(_ text: String) -> Edited { Editor.edit(text) }

  func view(_ text: String) -> String? { Editor.view(text) }

  func copy(_ text: String) -> Bool { Clipboard.give(text) }

  func keep(_ text: String) -> String? { Clipboard.keep(text) }
}

/// How the screen is to look, for every command that opens it.
struct LooksOptions: ParsableArguments {
  @Flag(help: "Draw in ASCII, without line drawing.") var ascii = false
  @Flag(help: "No screen: lines in, lines out, for screen readers and braille displays.") var plain = false
  @Option(help: "A theme: default, light, dark, high-contrast, high-contrast-light, mono, or one of your own.")
  var theme: String?

  /// What was asked for, then the configuration file, then what the terminal says of itself.
  func looks(_ file: UserSettings) throws -> Looks {
    let settings = file.settings ?? Settings()
    let isASCII = ascii || settings.ascii ?? (settings.ambiguousWidth == 2)
    let hasColour = Machine.environment("NO_COLOR") == nil
    let named = theme ?? settings.theme
    let theme = try Attempt.now { () throws(Problem) in
      if let named { return try Themes.theme(named).theme }
      if !hasColour { return Theme.mono }
      return Self.isLight ? Theme.light : Theme.standard
    }
    var looks = Looks(theme: theme, isASCII: isASCII, hasColour: hasColour)
    if named == nil, hasColour, Machine.environment("COLORFGBG") == nil { looks.themeOnLight = .light }
    looks.isPlain = plain || settings.plain == true
    return looks
  }

  /// Whether COLORFGBG, which some terminals set, names a light background.
  private static var isLight: Bool {
    guard let colours = Machine.environment("COLORFGBG"), let last = colours.split(separator: ";").last else {
      return false
    }
    return last == "7" || last == "15"
  }
}
