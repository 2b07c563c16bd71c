import ArgumentParser
import Domain
import Frames
import Glibc
import Operations
import Shell
import Workbench

/// What opens the workbench, whatever it is opened on.
enum Session {
  /// Runs the loop on this thread; `prepare` begins work beside it.
  static func run(
    _ workspace: Workspace, looks: Looks, prepare: (@Sendable (@escaping @Sendable (Action) -> Void) -> Void)? = nil
  ) throws -> Int32 {
    let start = ContinuousClock().now
    let milliseconds: @Sendable () -> Int = { Int((ContinuousClock().now - start) / .milliseconds(1)) }
    let performer = Performer(workspace, milliseconds: milliseconds)
    let hands = Hands(performer)
    let state = AppState(
      context: workspace.context.name,
      analyst: workspace.analyst.string.hasPrefix("unix:")
        ? "\(Machine.user)@\(Machine.host)" : workspace.analyst.string)
    let loop: Loop
    do throws(Problem) {
      loop = try Loop(state: state, performer: hands, looks: looks) { Machine.now }
    } catch {
      throw Failure(error)
    }
    let mailbox = loop.mailbox
    prepare? { mailbox.post($0) }
    performer.begin { mailbox.post($0) }
    let status = loop.run()
    performer.finish()
    workspace.close()
    return status
  }
}

/// Joins the loop's effects to what performs them.
final class Hands: EffectPerformer {
  private let performer: Performer

  init(_ performer: Performer) { self.performer = performer }

  func perform(_ effect: Effect, _ mailbox: Mailbox) {
    performer.perform(effect) { mailbox.post($0) }
  }

  func edit(_ text: String) -> String? { Editor.edit(text) }
}

/// How the screen is to look, for every command that opens it.
struct LooksOptions: ParsableArguments {
  @Flag(help: "Draw in ASCII, without line drawing.") var ascii = false
  @Option(help: "default, light or mono.") var theme: String?

  func looks() throws -> Looks {
    let isMono = Machine.environment("NO_COLOR") != nil
    guard let name = theme else { return Looks(theme: isMono ? .mono : .standard, isASCII: ascii, hasColour: !isMono) }
    guard let theme = Theme.builtIn.first(where: { $0.name == name }) else {
      throw ValidationError("no theme is named \(name); there are default, light and mono")
    }
    return Looks(theme: theme, isASCII: ascii, hasColour: !isMono)
  }
}
