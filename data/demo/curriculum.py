"""What the demo classes learn, in order. The letter is the kind of module (see KINDS in modules.py)."""

from typing import Any, Final

# A name that stands twice in one organisation is one module of several classes: those averages must not mix.
SYLLABUS: Final = {
    "Mathematics 9A": """
        C Study skills and planning
        C Integers, powers and roots
        C Fractions, decimals and percentages
        A Number: end-of-unit test
        C Algebraic expressions
        C Linear equations
        C Inequalities on the number line
        A Algebra: end-of-unit test
        C Coordinates and straight-line graphs
        C Ratio, proportion and rates of change
        A Mid-year examination
        C Angles and polygons
        C Pythagoras' theorem
        A Geometry: end-of-unit test
        C Averages and spread
        P Survey project: ask, count, explain
        C Probability
        A Statistics: end-of-unit test
        E Expert session: mathematics in medicine
        A Final examination, mathematics""",
    "Science 9B": """
        C Study skills and planning
        C Working safely in a laboratory
        C Cells and organisation
        C Photosynthesis
        A Biology: end-of-unit test
        C Atoms, elements and compounds
        C The periodic table
        C Chemical reactions
        A Chemistry: end-of-unit test
        C Forces and motion
        C Electricity and circuits
        C Waves, light and sound
        A Physics: end-of-unit test
        C Variables and fair tests
        A Practical skills check
        P Investigation: water in our town
        C Climate and the carbon cycle
        A Earth science: end-of-unit test
        E Expert session: a day at the observatory
        A Final examination, science""",
    "History 10C": """
        C Study skills and planning
        C Sources: who is speaking, and why
        C Trade routes of the medieval world
        A Source skills check
        C The printing press
        C Empires and their subjects
        A Essay: causes of change
        C Revolutions, 1776–1848
        C Coal, cotton and steam
        C Votes for women
        A Industrial age: end-of-unit test
        C The First World War
        C Between the wars
        A Map and timeline test
        C The Second World War
        P Local history: one street, one century
        C Independence and partition
        A Twentieth century: end-of-unit test
        E Expert session: inside the town archive
        A Final examination, history""",
    "Web development, evening group": """
        C How the web works
        C HTML: structure and meaning
        C Forms that people can fill in
        A HTML check
        C CSS: boxes and flow
        C CSS: grid and flexbox
        C Working with Git
        A Layout exercise
        C JavaScript: values and functions
        C JavaScript: the page and its events
        A JavaScript check
        C Fetching data
        C Accessibility in practice
        A Accessibility audit
        C Databases for beginners
        P Portfolio site
        C Testing and deploying
        A Security check
        E Expert session: my first year as a developer
        A Final assessment, web development""",
    "Business English B2": """
        C Introducing yourself and your work
        C E-mails that get an answer
        C On the telephone
        A Writing test 1
        C Meetings: agreeing and disagreeing
        C Describing figures and charts
        A Listening test
        C Presentations
        C Negotiating
        A Speaking test
        C Customer complaints
        C Reports and summaries
        C Job interviews
        A Writing test 2
        C Intercultural awareness
        P Pitch a product
        C Contracts in plain English
        A Reading test
        E Expert session: interpreting at trade fairs
        A Final examination, B2""",
    "Bookkeeping 2": """
        C Spreadsheets for everyday work
        C Double entry refreshed
        C Sales and purchase ledgers
        A Ledger exercise
        C Value added tax
        C Bank reconciliation
        C Petty cash and expenses
        A Reconciliation exercise
        C Payroll basics
        C Stock and cost of sales
        A Mid-course test
        C Accruals and prepayments
        C Depreciation
        A Year-end adjustments test
        C The trial balance
        P A year in the books of a bakery
        C Reading a balance sheet
        A Accounts preparation test
        E Expert session: what auditors look for
        A Final assessment, bookkeeping""",
    "Foundation year": """
        C Welcome to the institute
        C Learning online
        C Time and workload
        A Orientation quiz
        C Academic reading
        C Note-taking
        C Academic writing: the paragraph
        C Academic writing: the essay
        A Writing sample
        C Referencing and plagiarism
        A Referencing quiz
        C Spreadsheets for everyday work
        C Numeracy: arithmetic
        C Numeracy: algebra
        C Numeracy: reading graphs
        A Numeracy test 1
        C Descriptive statistics
        C Probability and chance
        A Numeracy test 2
        C Digital literacy
        C Data protection and privacy
        C Staying safe online
        A Digital skills test
        C Critical thinking
        C Arguments and fallacies
        A Critical thinking test
        C Working in groups
        C Giving and receiving feedback
        C Presenting your work
        P Group presentation
        A Mid-year review
        C The scientific method
        C Designing a survey
        C Interviewing people
        C Ethics of research
        A Research methods test 1
        C Finding literature
        C Reading a scientific paper
        A Research methods test 2
        C Economics: markets
        C Economics: money and banks
        C Society and institutions
        A Social science test
        C Sustainability
        C Health and wellbeing
        C Careers: finding your field
        C Careers: CV and application
        E Expert session: alumni evening
        A Final test, part 1
        A Final test, part 2""",
}

LESSONS: Final = (
    "Why it matters",
    "First steps",
    "Key words",
    "Key ideas",
    "Worked examples",
    "Guided practice",
    "Common mistakes",
    "A case from practice",
    "Going further",
    "Putting it together",
)

# Several spellings, some unusable, some absent: what a live platform holds. None stands for no configuration.
CONFIGURATIONS: Final[tuple[dict[str, Any] | None, ...]] = (
    {"pass_threshold": 70, "max_attempts": 3},
    {"passThreshold": 65},
    None,
    {"passing_threshold": 50, "duration_minutes": 45},
    {"passingThreshold": "75"},
    {},
    {"pass_threshold": "seventy", "passThreshold": 55},
    {"duration_minutes": 60, "shuffle": True},
    {"passing_threshold": 62.5},
    {"pass_threshold": 600},
)
