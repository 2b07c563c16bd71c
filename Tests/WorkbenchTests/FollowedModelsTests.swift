import Domain
import Frames
import Testing

@testable import Workbench

@Suite("The models screen, while its list follows the control plane")
struct FollowedModelsTests {
  static func group(_ name: RawText, _ state: ModelState = .ready, version: RawText? = nil) -> ModelGroup {
    var model = Model(id: ModelID(name, version: version), state: state, platform: "sklearn")
    model.signature = Income.signature
    return ModelGroup(model: model)
  }

  static func listing(_ groups: [ModelGroup], at now: Timestamp = Stub.now, notices: [Problem] = []) -> Action {
    .models(.refreshed(.init(groups: groups, at: now, notices: notices)))
  }

  static let names = (10..<60).map { RawText("model-\($0)") }

  /// Fifty models by name on 14 lines, the thirtieth selected in the middle of them.
  static func scrolled() -> Story {
    var story = Story()
    story.happens(.models(.listed(.init(groups: names.map { group($0) }, at: Stub.now))), .models(.rested))
    story.press("30j")
    story.press("5k")
    story.rest()
    return story
  }

  @Test("is followed as long as it is on screen, and where there is somebody who tells")
  func effects() {
    var story = Story(AppState(context: "prod", analyst: "ana"))
    story.state.models.canFollow = true
    story.happens(.resized(ScreenSize(columns: 80, rows: 24)))
    #expect(story.effects == [])
    #expect(story.happens(.started(now: Stub.now, milliseconds: 0)).suffix(1) == [.followModels])
    #expect(story.happens(.models(.listed(.init(groups: [Self.group("a")], at: Stub.now)))) == [])
    #expect(story.press("go").filter { [.followModels, .leaveModels].contains($0) } == [.leaveModels])
    #expect(story.press("gm").filter { [.followModels, .leaveModels].contains($0) } == [.followModels])
    var alone = Story()
    #expect(alone.press("gogm").allSatisfy { ![.followModels, .leaveModels].contains($0) })
  }

  @Test("filters in the order of the column also after the same list came again")
  func keepsOrder() {
    var story = Story()
    let groups = [Self.group("aa", .ready), Self.group("ab", .failed), Self.group("b", .failed)]
    story.happens(.models(.listed(.init(groups: groups, at: Stub.now))), .models(.rested))
    story.press("sso")
    let turned = story.state.models.rows.indices
    #expect(turned == [1, 2, 0])
    story.happens(Self.listing(groups))
    #expect(story.state.models.rows.indices == turned)
    story.press("/")
    story.press("a")
    #expect(story.state.models.rows.indices == [1, 0])
    #expect(story.state.models.rows.indices == ModelsScreen.order(of: story.state.models))
  }

  @Test("says that it is live, until it is left or the line goes")
  func live() {
    var story = Story(AppState(context: "prod", analyst: "ana"))
    story.state.models.canFollow = true
    story.happens(
      .resized(ScreenSize(columns: 80, rows: 24)), .started(now: Stub.now, milliseconds: 0),
      .models(.listed(.init(groups: [Self.group("a")], at: Stub.now))), .models(.followed(true)))
    #expect(story.line(1).contains("live   sort: drift"))
    story.happens(.models(.followed(false)))
    #expect(!story.line(1).contains("live"))
    story.happens(.models(.followed(true)))
    story.press("go")
    story.happens(.models(.followed(true)))
    story.press("gm")
    #expect(!story.line(1).contains("live"))
  }

  @Test("a list that changes leaves the selected model on its line")
  func selection() {
    var story = Self.scrolled()
    let before = story.screen
    let selected = story.state.models.selected?.id
    let line = story.state.models.rows.selection - story.state.models.rows.top
    #expect(line > 0 && story.state.models.rows.top > 0)
    // Three come before what is on screen, one goes.
    let others = ["early-1", "early-2", "early-3"].map { Self.group(RawText($0)) }
    story.happens(Self.listing(Self.names.dropFirst().map { Self.group($0) } + others))
    #expect(story.state.models.selected?.id == selected)
    #expect(story.state.models.rows.selection - story.state.models.rows.top == line)
    let list = { (screen: String) in screen.split(separator: "\n")[3..<15].joined(separator: "\n") }
    #expect(list(story.screen) == list(before))
    // Another version is still the same model.
    story.happens(
      Self.listing(Self.names.dropFirst().map { Self.group($0, version: $0 == selected?.name ? "2" : nil) } + others))
    #expect(story.state.models.selected?.id.name == selected?.name)
    #expect(story.state.models.rows.selection - story.state.models.rows.top == line)
  }

  @Test("where the selected model went, the one that took its row is selected")
  func gone() {
    var story = Self.scrolled()
    let row = story.state.models.rows.selection
    let next = story.state.models.rows.item(inRow: row + 1).map { story.state.models.groups[$0].id }
    let selected = story.state.models.selected?.id
    story.happens(Self.listing(Self.names.map { Self.group($0) }.filter { $0.id != selected }))
    #expect(story.state.models.selected?.id == next && story.state.models.rows.selection == row)
    #expect(story.state.models.followed == story.state.models.rows.selected)
    story.happens(Self.listing([]))
    #expect(story.state.models.selected == nil && story.screen.contains("serves no models"))
    story.happens(Self.listing([Self.group("back")]))
    #expect(story.state.models.selected?.model.name == "back")
  }

  @Test("the first row is kept as well, though nobody chose it, and so is the pane of a move that does not rest yet")
  func unchosen() {
    var story = Story()
    story.happens(.models(.listed(.init(groups: [Self.group("b"), Self.group("c")], at: Stub.now))), .models(.rested))
    story.happens(Self.listing([Self.group("a"), Self.group("b"), Self.group("c")]))
    #expect(story.state.models.selected?.model.name == "b")
    story.press("j")
    story.happens(Self.listing([Self.group("a"), Self.group("aa"), Self.group("b"), Self.group("c")]))
    #expect(story.state.models.selected?.model.name == "c")
    #expect(story.state.models.followed.map { story.state.models.groups[$0].model.name } == "b")
  }

  @Test("the same list again changes nothing; after a failure it says that what is shown is of now")
  func same() {
    var story = Self.scrolled()
    let before = story.state
    #expect(story.happens(Self.listing(Self.names.map { Self.group($0) }, at: Stub.now.advanced(bySeconds: 60))) == [])
    #expect(story.state == before)
    story.happens(.models(.failed(Problem("gone"), at: Stub.now)))
    #expect(story.line(2).contains("LAST STATE"))
    story.happens(Self.listing(Self.names.map { Self.group($0) }))
    #expect(!story.line(2).contains("LAST STATE") && story.state.models.listing.problem == nil)
  }

  @Test("a refusal is said in words, and in full with gl; a notice that is known already is not said again")
  func refusal() {
    var story = Self.scrolled()
    story.happens(.models(.unfollowed(Problem("watching is refused (403)", advice: "R lists anew."))))
    #expect(story.toast.contains("watching is refused (403)"))
    story.happens(Self.listing(Self.names.map { Self.group($0) }, notices: [Problem("no servers")]))
    #expect(story.state.lastProblem?.summary == "no servers")
    story.happens(.failed(Problem("other")))
    let before = story.state
    story.happens(Self.listing(Self.names.map { Self.group($0) }, notices: [Problem("no servers", detail: "12 ms")]))
    #expect(story.state == before)
    story.happens(Self.listing([Self.group("a")], notices: [Problem("no servers")]))
    #expect(story.state.lastProblem?.summary == "other")
  }

  @Test("a lost service is looked for once, wherever that was seen; a request that reaches it has the list asked for")
  func seeking() {
    var story = Self.scrolled()
    #expect(story.happens(.linked(service: .down(since: Stub.now), collector: nil)) == [.seekService])
    #expect(story.happens(.models(.failed(Problem("gone"), at: Stub.now))) == [])
    #expect(story.happens(.linked(service: .down(since: Stub.now), collector: nil)) == [])
    story.happens(.models(.seeking(next: Stub.now.advanced(bySeconds: 60))))
    #expect(story.line(1).contains("next try 12:05Z"))
    #expect(story.happens(.linked(service: .up, collector: nil)) == [.refreshModels])
    story.happens(Self.listing(Self.names.map { Self.group($0) }))
    #expect(!story.line(1).contains("next try"))
    let lost = Problem("no answer", kind: .unreachable)
    #expect(story.happens(.describeFailed(Self.group("a").id, lost)) == [.seekService])
    #expect(story.happens(.linked(service: .up, collector: nil)) == [])
  }

  @Test("a first list that comes late is a first list: the analyst's model of last time is selected")
  func late() {
    var story = Story()
    story.state.models.wanted = Self.group("b").id
    story.happens(.models(.failed(Problem("gone"), at: Stub.now)))
    story.happens(Self.listing([Self.group("a"), Self.group("b")]))
    #expect(story.state.models.selected?.id == Self.group("b").id)
  }

  @Test("a service that is down still is down since it was first seen so")
  func down() {
    var story = Self.scrolled()
    story.happens(.linked(service: .down(since: Stub.now), collector: nil))
    let before = story.state
    story.happens(.linked(service: .down(since: Stub.now.advanced(bySeconds: 120)), collector: nil))
    #expect(story.state == before)
    story.happens(.linked(service: .up, collector: nil))
    #expect(story.state.service == .up)
  }
}
