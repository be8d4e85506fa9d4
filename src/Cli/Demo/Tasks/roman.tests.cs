using System;
using Demo;
using Xunit;

public class RomanTests
{
    [Theory]
    [InlineData(1, "I")]
    [InlineData(3, "III")]
    [InlineData(4, "IV")]
    [InlineData(9, "IX")]
    [InlineData(14, "XIV")]
    [InlineData(40, "XL")]
    [InlineData(1994, "MCMXCIV")]
    [InlineData(3999, "MMMCMXCIX")]
    public void Of_Number_GivesNumeral(int number, string expected) => Assert.Equal(expected, Roman.Of(number));

    [Theory]
    [InlineData(0)]
    [InlineData(4000)]
    [InlineData(-1)]
    public void Of_OutOfRange_Throws(int number) => Assert.Throws<ArgumentOutOfRangeException>(() => Roman.Of(number));
}
