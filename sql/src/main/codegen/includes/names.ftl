<#-- Small things that the statements share. -->

List<SqlIdentifier> PandoNames() :
{
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    <LPAREN> name = SimpleIdentifier() { names.add(name); }
    ( <COMMA> name = SimpleIdentifier() { names.add(name); } )*
    <RPAREN>
    { return names; }
}

boolean PandoIfNotExists() :
{
}
{
    LOOKAHEAD(3) <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean PandoIfExists() :
{
}
{
    LOOKAHEAD(2) <IF> <EXISTS> { return true; }
|
    { return false; }
}

boolean PandoCascade() :
{
}
{
    <CASCADE> { return true; }
|
    <RESTRICT> { return false; }
|
    { return false; }
}

String PandoText() :
{
    final SqlNode literal;
}
{
    literal = StringLiteral() {
        if (!(literal instanceof SqlLiteral)) {
            throw new GrammarException("a text in one piece is expected", literal.getParserPosition());
        }
        return ((SqlLiteral) literal).getValueAs(String.class);
    }
}

SqlTypeNameSpec PandoTypeName() :
{
    int precision = -1;
}
{
    <FLOAT> [ <LPAREN> precision = UnsignedIntLiteral() <RPAREN> ] {
        if (precision == 0 || precision > 53) {
            throw new GrammarException("the precision of FLOAT is 1 to 53", getPos());
        }
        return new SqlBasicTypeNameSpec(
            precision > 24 ? SqlTypeName.DOUBLE : precision > 0 ? SqlTypeName.REAL : SqlTypeName.FLOAT, getPos());
    }
|
    <TEXT> { return new NamedTypeSpec(NamedTypeSpec.Name.CLOB, getPos()); }
|
    <CLOB> [ PandoLength() ] { return new NamedTypeSpec(NamedTypeSpec.Name.CLOB, getPos()); }
|
    <JSON> { return new NamedTypeSpec(NamedTypeSpec.Name.JSON, getPos()); }
|
    <BLOB> [ PandoLength() ] { return new NamedTypeSpec(NamedTypeSpec.Name.BLOB, getPos()); }
|
    <BINARY> <LARGE> <OBJECT> [ PandoLength() ] { return new NamedTypeSpec(NamedTypeSpec.Name.BLOB, getPos()); }
|
    <CHARACTER> <LARGE> <OBJECT> [ PandoLength() ] { return new NamedTypeSpec(NamedTypeSpec.Name.CLOB, getPos()); }
}

void PandoLength() :
{
}
{
    <LPAREN> <UNSIGNED_INTEGER_LITERAL> <RPAREN>
}

void PandoInfixCast(List<Object> list, ExprContext exprContext, Span s) :
{
    final SqlDataTypeSpec type;
}
{
    <INFIX_CAST> { checkNonQueryExpression(exprContext); }
    type = DataType()
    {
        list.add(new SqlParserUtil.ToTreeListItem(SqlLibraryOperators.INFIX_CAST, s.pos()));
        list.add(type);
    }
}
