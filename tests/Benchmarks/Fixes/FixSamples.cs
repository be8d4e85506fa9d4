using static Platform.Benchmarks.Fixes.SampleProgram;

namespace Platform.Benchmarks.Fixes;

/// <summary>Programs with what the exercises have little of: async code, inheritance, iterators, records, generics, partial types. Each throws when it is wrong.</summary>
internal static class FixSamples
{
    public static IEnumerable<Exercise> All =>
    [
        Of("orders", """
            public interface IPriceList
            {
                decimal PriceOf(string article);
                bool Knows(string article);
            }

            public sealed class FixedPrices : IPriceList
            {
                private readonly Dictionary<string, decimal> prices = new() { ["pen"] = 1.5m, ["book"] = 12m };

                public decimal PriceOf(string article) => prices[article];

                public bool Knows(string article)
                {
                    return prices.ContainsKey(article);
                }
            }

            public record OrderLine(string Article, int Quantity);

            public class Order
            {
                private readonly List<OrderLine> lines = new List<OrderLine>();

                public required string Customer { get; init; }

                public int Count => lines.Count;

                public decimal Discount { get; private set; }

                public void Add(string article, int quantity)
                {
                    if (quantity <= 0)
                    {
                        throw new ArgumentOutOfRangeException(nameof(quantity));
                    }

                    lines.Add(new OrderLine(article, quantity));
                }

                public void GiveDiscount(decimal percent)
                {
                    Discount = percent;
                }

                public async Task<decimal> TotalAsync(IPriceList prices)
                {
                    decimal total = 0;
                    foreach (var line in lines)
                    {
                        var price = await LookUpAsync(prices, line.Article);
                        total += price * line.Quantity;
                    }

                    return total * (1 - Discount / 100m);
                }

                private static async Task<decimal> LookUpAsync(IPriceList prices, string article)
                {
                    await Task.Yield();
                    return prices.Knows(article) ? prices.PriceOf(article) : 0m;
                }
            }
            """, """
            public class OrderTests
            {
                [Fact]
                public async Task Total_WithDiscount_IsRight()
                {
                    var order = new Order { Customer = "Ada" };
                    order.Add("pen", 4);
                    order.Add("book", 2);
                    order.GiveDiscount(10);
                    Assert.Equal(27m, await order.TotalAsync(new FixedPrices()));
                    Assert.Equal(2, order.Count);
                    Assert.Throws<ArgumentOutOfRangeException>(() => order.Add("pen", 0));
                }
            }
            """),
        Of("shapes", """
            public abstract class Shape
            {
                protected Shape(string name)
                {
                    Name = name;
                }

                public string Name { get; }

                public abstract double Area();

                public virtual string Describe()
                {
                    return $"{Name} of {Area():F2}";
                }
            }

            public class Circle : Shape
            {
                private readonly double radius;

                public Circle(double radius) : base("circle")
                {
                    this.radius = radius;
                }

                public override double Area()
                {
                    return Math.PI * Math.Pow(radius, 2);
                }
            }

            public class Square : Shape, IComparable<Square>
            {
                public Square(double side) : base("square")
                {
                    Side = side;
                }

                public double Side { get; set; }

                public override double Area() => Side * Side;

                public override string Describe()
                {
                    var text = base.Describe();
                    return text.ToUpper();
                }

                public int CompareTo(Square? other)
                {
                    return other is null ? 1 : Side.CompareTo(other.Side);
                }
            }

            public static class Shapes
            {
                public static T Largest<T>(IEnumerable<T> items) where T : IComparable<T>
                {
                    T? best = default;
                    var first = true;
                    foreach (var item in items)
                    {
                        if (first || item.CompareTo(best) > 0)
                        {
                            best = item;
                            first = false;
                        }
                    }

                    return best!;
                }

                public static double Total(this IEnumerable<Shape> shapes)
                {
                    double sum = 0;
                    foreach (var shape in shapes)
                    {
                        sum += shape.Area();
                    }

                    return sum;
                }
            }
            """, """
            public class ShapeTests
            {
                [Fact]
                public void Area_And_Largest()
                {
                    var squares = new[] { new Square(2), new Square(5), new Square(3) };
                    Assert.Equal(5.0, Shapes.Largest(squares).Side);
                    Assert.Equal("SQUARE OF 4.00", new Square(2).Describe());
                    Assert.Equal("circle of 12.57", new Circle(2).Describe());
                    Assert.Equal(38.0, squares.Cast<Shape>().Total());
                    squares[0].Side = 6;
                    Assert.Equal(36.0, squares[0].Area());
                }
            }
            """),
        Of("queue", """
            public enum State { Waiting, Running, Done }

            public partial class Work
            {
                public State State { get; set; } = State.Waiting;
            }

            public partial class Work
            {
                public int Id { get; set; }

                public string Title { get; set; } = "";

                public int? Limit { get; set; }
            }

            public class WorkQueue : IDisposable
            {
                private readonly Queue<Work> waiting = new Queue<Work>();
                private int next = 1;
                private const int Most = 100;
                private static readonly string[] Names = new[] { "low", "high" };

                public bool Closed { get; private set; }

                public Work Add(string title)
                {
                    if (waiting.Count >= Most || Closed)
                    {
                        throw new InvalidOperationException("full");
                    }

                    var work = new Work { Id = next++, Title = title };
                    waiting.Enqueue(work);
                    return work;
                }

                public bool TryTake(out Work? work)
                {
                    work = null;
                    if (waiting.Count == 0)
                    {
                        return false;
                    }

                    work = waiting.Dequeue();
                    work.State = State.Running;
                    return true;
                }

                public IEnumerable<int> Ids()
                {
                    foreach (var work in waiting)
                    {
                        yield return work.Id;
                    }
                }

                public static void Swap(ref int left, ref int right)
                {
                    int kept = left;
                    left = right;
                    right = kept;
                }

                public static string Label(int priority)
                {
                    switch (priority)
                    {
                        case 0:
                            return Names[0];
                        case 1:
                            var name = Names[1];
                            return name;
                        default:
                            return "none";
                    }
                }

                public static int Score(Work work)
                {
                    int score = 0;
                    switch (work.State)
                    {
                        case State.Waiting:
                            score += 1;
                            break;
                        case State.Running:
                            score += 10;
                            break;
                        default:
                            score += 100;
                            break;
                    }

                    if (work.Limit.HasValue)
                    {
                        int limit = work.Limit.Value;
                        score = Math.Min(score, limit);
                    }

                    return score;
                }

                public void Dispose()
                {
                    Closed = true;
                }
            }
            """, """
            public class WorkTests
            {
                [Fact]
                public void Queue_TakesInOrder()
                {
                    using var queue = new WorkQueue();
                    queue.Add("a");
                    queue.Add("b");
                    Assert.Equal(new[] { 1, 2 }, queue.Ids());
                    Assert.True(queue.TryTake(out var work));
                    Assert.Equal("a", work!.Title);
                    Assert.Equal(10, WorkQueue.Score(work));
                    work.Limit = 3;
                    Assert.Equal(3, WorkQueue.Score(work));
                    queue.Dispose();
                    Assert.True(queue.Closed);
                    Assert.Throws<InvalidOperationException>(() => queue.Add("c"));
                }

                [Fact]
                public void Swap_And_Label()
                {
                    int a = 1, b = 2;
                    WorkQueue.Swap(ref a, ref b);
                    Assert.Equal((2, 1), (a, b));
                    Assert.Equal("low", WorkQueue.Label(0));
                    Assert.Equal("high", WorkQueue.Label(1));
                    Assert.Equal("none", WorkQueue.Label(7));
                }
            }
            """),
        Program("program", ProgramSample.Code),
    ];
}
