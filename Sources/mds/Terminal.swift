import ArgumentParser
import ConfigurationFile
import Domain
import FileOutput
import Frames
import Glibc
import Operations
import SafeText
import Shell
import Workbench

/// What opens the workbench, whatever it is opened on.
enum Session {
  /// Runs the loop on this thread; `prepare` begins work beside it.
  ///
  /// A private session reads and writes no file of the user's. `isFresh` opens Models whatever was left.
  static func run(
    _ workspace: Workspace, _ file: UserSettings, looks: Looks, isPrivate: Bool = false, isFresh: Bool = false,
    prepare: (@Sendable (@escaping @Sendable (Action) -> Void) -> Void)? = nil
  ) throws -> Int32 {
    let start = ContinuousClock().now
    let milliseconds: @Sendable () -> Int = { Int((ContinuousClock().now - start) / .milliseconds(1)) }
    let performer = Performer(workspace, readsOwnThemes: !isPrivate, milliseconds: milliseconds)
    workspace.noteSession()
    workspace.signHeads()
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
    if !isPrivate { arrive(&state, workspace.context, file, looks, isFresh: isFresh) }
    if looks.isPlain { workspace.setScreen(mode: "plain", columns: 0, rows: 0) }
    var looks = looks
    looks.banner = workspace.context.banner.map { Banner(SafeText($0)) }
    let mailbox: Mailbox
    let loop: () -> (status: Int32, state: AppState)
    do throws(Problem) {
      (mailbox, loop) = try begin(state, hands, looks, banner: workspace.context.banner, since: start)
    } catch {
      throw Failure(error)
    }
    if let problem = looks.problem { mailbox.post(.failed(problem)) }
    prepare? { mailbox.post($0) }
    performer.begin { mailbox.post($0) }
    let watch = isPrivate ? nil : ThemeWatch { mailbox.post($0) }
    let (status, left) = withExtendedLifetime(watch) { loop() }
    let unsaved = performer.finish(left, waiting: sayWaiting)
    workspace.close()
    if !isPrivate { SessionFile.write(SavedSession(left), of: workspace.context) }
    for problem in unsaved {
      Standard.errorLine("mds: \(problem.summary)\(problem.advice.isEmpty ? "" : "; \(problem.advice)")")
    }
    if !unsaved.isEmpty {
      Standard.errorLine("mds: what was begun and not saved is kept as a draft where that was possible: gn opens it")
    }
    return unsaved.isEmpty || status != 0 ? status : ExitStatus.failure.rawValue
  }

  /// The screen is away and something is not saved yet: no key is read any more, so ^C ends the program as any other.
  private static func sayWaiting() {
    for number in [SIGINT, SIGQUIT, SIGTERM] { signal(number, SIG_DFL) }
    let words = "mds: still saving; another program may have the ledger. ^C ends without saving\n"
    // A terminal that is gone is no reason to end.
    _ = Descriptor.write(Array(words.utf8), to: STDERR_FILENO)
  }

  /// Goes back to where the analyst left; who was never here is told in three lines what this is.
  private static func arrive(
    _ state: inout AppState, _ context: Context, _ file: UserSettings, _ looks: Looks, isFresh: Bool
  ) {
    if !looks.isPlain, !isFresh, SessionFile.isFirstStart { state.overlay = .tour }
    guard !isFresh, file.settings?.restore != false, let session = SessionFile.read(context) else { return }
    state.restore(session)
  }

  /// The loop with a screen, or the one without.
  private static func begin(
    _ state: AppState, _ hands: Hands, _ looks: Looks, banner: String?, since start: ContinuousClock.Instant
  ) throws(Problem) -> (Mailbox, () -> (status: Int32, state: AppState)) {
    guard looks.isPlain else {
      let loop = try Loop(state: state, performer: hands, looks: looks, since: start) { Machine.now }
      return (loop.mailbox, { (loop.run(), loop.state) })
    }
    let loop = try PlainLoop(
      state: state, performer: hands, isASCII: looks.isASCII, banner: banner, since: start
    ) { Machine.now }
    return (loop.mailbox, { (loop.run(), loop.state) })
  }
}

/// Joins the loop's effects to what performs them.
final class Hands: EffectPerformer {
  private let performer: Performer

  init(_ performer: Performer) { self.performer = performer }

  func perform(_ effect: Effect, _ mailbox: Mailbox) {
    performer.perform(effect) { mailbox.post($0) }
  }

  func resized(_ size: ScreenSize) {
    performer.workspace.setScreen(mode: "screen", columns: size.columns, rows: size.rows)
  }

  func edit(_ text: String, suffix: String) -> Edited { Editor.edit(text, suffix: suffix) }

  func view(_ text: String) -> String? { Editor.view(text) }

  func copy(_ text: String) -> Bool { Clipboard.give(text) }

  func keep(_ text: String) -> String? { Clipboard.keep(text) }
}

/// How the screen is to look, for every command that opens it.
struct LooksOptions: ParsableArguments {
  @Flag(help: "Draw in ASCII, without line drawing.") var ascii = false
  @Flag(help: "No screen: lines in, lines out, for screen readers and braille displays.") var plain = false
  @Option(help: "A theme; `mds themes` lists them.", completion: .custom { _, _, _ in Themes.names })
  var theme: String?
  @Option(help: "How many colours at most; auto: as many as the terminal has, none under NO_COLOR.")
  var color = Colours.auto

  /// How many colours are used.
  enum Colours: String, ExpressibleByArgument, CaseIterable {
    case auto
    case sixteen = "16"
    case many = "256"
    case never

    /// What was asked for on the command line stands before the environment.
    var most: Int? {
      switch self {
      case .auto: Machine.environment("NO_COLOR") == nil ? nil : 0
      case .sixteen: 16
      case .many: 256
      case .never: 0
      }
    }
  }

  /// What was asked for, then the configuration file, then what the terminal says of itself.
  func looks(_ file: UserSettings) throws -> Looks {
    let settings = file.settings ?? Settings()
    let isASCII = ascii || settings.ascii ?? (settings.ambiguousWidth == 2)
    let colours = color.most
    let named = theme ?? settings.theme
    let standard = colours == 0 ? Theme.mono : Self.isLight ? .light : .standard
    var chosen: Theme?
    var fault: Problem?
    if let named {
      do throws(Problem) {
        chosen = try Themes.theme(named).theme
      } catch {
        // What was asked for by name is refused; a setting that no longer holds keeps nobody from working.
        if theme != nil { throw Failure(error) }
        fault = error
      }
    }
    var looks = Looks(theme: chosen ?? standard, isASCII: isASCII, colours: colours)
    looks.problem = fault
    if named == nil, colours != 0, Machine.environment("COLORFGBG") == nil { looks.themeOnLight = .light }
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
