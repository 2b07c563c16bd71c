import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("A session that was left")
struct SavedSessionTests {
  /// A new workbench that goes on where another was left.
  static func resumed(_ story: Story, started: Bool = true) throws -> Story {
    let kept = SavedSession(story.state).json.serialized
    var state = AppState(context: "prod", analyst: "ana@las")
    state.restore(try #require(SavedSession(try JSON(parsing: kept))))
    var resumed = Story(state)
    resumed.happens(.resized(ScreenSize(columns: 80, rows: 24)), .started(now: Stub.now, milliseconds: 0))
    return resumed
  }

  @Test("is found again as it was written, from every screen")
  func roundTrip() throws {
    for story in try AppTests.screens() {
      let session = SavedSession(story.state)
      #expect(SavedSession(try JSON(parsing: session.json.serialized)) == session)
      let resumed = try Self.resumed(story)
      // A search is asked anew, and a log is of one session.
      #expect(resumed.state.places == story.state.places.filter { $0 != .search && $0 != .log })
      #expect(!resumed.screen.isEmpty)
    }
  }

  @Test("opens the models with the order, the filter and the model under the cursor")
  func models() throws {
    var story = ModelsScreenTests.listed()
    story.press("so")
    story.rest()
    story.press("/c")
    story.press(.enter)
    story.press("j")
    story.rest()
    let selected = try #require(story.state.models.selected?.id)
    var resumed = try Self.resumed(story)
    #expect(resumed.state.models.sort == story.state.models.sort)
    #expect(resumed.state.models.isReversed)
    #expect(resumed.state.models.filter == "c")
    resumed.happens(.models(.listed(.init(groups: story.state.models.groups, at: Stub.now))))
    #expect(resumed.state.models.selected?.id == selected)
    // What the analyst chooses from then on stands.
    resumed.press("k")
    resumed.rest()
    resumed.happens(.models(.listed(.init(groups: story.state.models.groups, at: Stub.now))))
    #expect(resumed.state.models.selected?.id != selected)
  }

  @Test("opens the case, which is read anew")
  func aCase() throws {
    let story = CaseScreenTests.opened(try Income.content())
    let resumed = try Self.resumed(story)
    #expect(resumed.effects.contains(.loadCase(Income.id(8841))))
  }

  @Test("a case that is not in the ledger any more is said on its screen")
  func goneCase() throws {
    var resumed = try Self.resumed(CaseScreenTests.opened(try Income.content()))
    resumed.happens(.failed(Problem("There is no such case in this ledger.")))
    #expect(resumed.screen.contains("There is no such case in this ledger."))
    resumed.press("q")
    #expect(resumed.state.place == .models)
  }

  @Test("opens the queue on the case that was on the table, where it is still drawn")
  func review() throws {
    var story = try ReviewScreenTests.opened()
    story.press("j")
    story.rest()
    let selected = try #require(story.state.review.selected?.id)
    let queue = try #require(story.state.review.queue.value)
    var resumed = try Self.resumed(story)
    #expect(resumed.effects.contains(.loadQueue(queue.order)))
    resumed.happens(.queueArrived(queue, story.state.review.pace, milliseconds: 10))
    #expect(resumed.state.review.selected?.id == selected)
  }

  @Test("reads what lies under the screen that was left as soon as one comes back to it")
  func underneath() throws {
    var story = ModelsScreenTests.listed()
    story.press("i")
    story.press("gd")
    story.press("gr")
    let order = story.state.review.order
    _ = App.openCase(&story.state, Income.id(8841), among: [])
    var resumed = try Self.resumed(story)
    #expect(resumed.state.places == story.state.places)
    #expect(resumed.press("q") == [.loadQueue(order)])
    #expect(resumed.press("q") == [.loadDrift(Income.model, width: .sixHours)])
    #expect(resumed.press("q").contains(.loadModel(Income.model)))
    // Once read, it stays as it is.
    resumed.press("]")
    #expect(resumed.press("[") == [])
  }

  @Test("a queue that was answered blind is blind again, whatever the configuration says: a start shows no answer")
  func stillBlind() throws {
    let story = try BlindTests.opened()
    var state = AppState(context: "prod", analyst: "ana")
    state.restore(SavedSession(story.state))
    #expect(state.review.order.isBlind)
    // After a queue of the researchers' one's own are as the configuration has them.
    var theirs = try BlindTests.opened()
    theirs.state.review.order.taken = TakenOrder(id: "1", name: "week48")
    var other = AppState(context: "prod", analyst: "ana")
    other.restore(SavedSession(theirs.state))
    #expect(other.review.order.isBlind && !other.review.isBlindByChoice)
  }

  @Test("leaves it to the configuration to hide answers that were on screen")
  func blind() throws {
    var story = try ReviewScreenTests.opened()
    story.state.review.order.isBlind = false
    let session = SavedSession(story.state)
    var state = AppState(context: "prod", analyst: "ana")
    state.review.order.isBlind = true
    state.restore(session)
    #expect(state.review.order.isBlind)
  }

  @Test(
    "that is not as it was written is none",
    arguments: [
      "{}", "[]", "null", "{\"v\":2}", "{\"v\":1,\"places\":[]}",
      "{\"v\":1,\"places\":[{\"screen\":\"moon\"}],\"models\":{\"sort\":\"name\",\"reversed\":false,\"filter\":\"\"},\"drift\":{\"width\":\"6 h\"}}",
      "{\"v\":1,\"places\":[{\"screen\":\"case\",\"case\":\"12\"}],\"models\":{\"sort\":\"name\",\"reversed\":false,\"filter\":\"\"},\"drift\":{\"width\":\"6 h\"}}",
      "{\"v\":1,\"places\":[{\"screen\":\"models\"}],\"models\":{\"sort\":\"size\",\"reversed\":false,\"filter\":\"\"},\"drift\":{\"width\":\"6 h\"}}",
    ])
  func broken(text: String) throws {
    #expect(SavedSession(try JSON(parsing: text)) == nil)
  }

  @Test("the first start of all says three lines; the key that closes them does what it does")
  func tour() {
    var story = ModelsScreenTests.listed()
    story.state.overlay = .tour
    for line in App.tour(.standard) { #expect(story.screen.contains(line.prefix(40))) }
    var other = story
    #expect(story.press(.enter) == [])
    #expect(story.state.overlay == nil && story.state.place == .models)
    other.press("d")
    #expect(other.state.overlay == nil && other.state.place == .drift(Income.model))
    var again = ModelsScreenTests.listed()
    again.press(":tour")
    again.press(.enter)
    #expect(again.state.overlay == .tour)
    var gallery = Gallery()
    gallery.add("first lines at 80x24", again)
    gallery.add("first lines at 60x16", again.resized(60, 16))
    gallery.expect(named: "tour")
  }

  @Test("the three lines are one row each on a terminal of 80 columns, and name the keys in force")
  func tourKeys() {
    var keymap = Keymap.standard
    keymap.give([[.text("I")]], to: .infer, in: .models)
    #expect(App.tour(keymap)[0].contains("I asks one"))
    #expect(App.tour(.standard).allSatisfy { $0.count <= 72 })
  }
}
