<#-- Indexes, views, schemas, sequences, comments, DROP. -->

Statement PandoCreateIndex(boolean unique) :
{
    final boolean ifNotExists;
    SqlIdentifier name = null;
    final SqlIdentifier table;
    final List<ObjectStatement.IndexColumn> columns = new ArrayList<ObjectStatement.IndexColumn>();
}
{
    ifNotExists = PandoIfNotExists()
    [ name = CompoundIdentifier() ]
    <ON> table = CompoundIdentifier()
    <LPAREN> PandoIndexColumn(columns) ( <COMMA> PandoIndexColumn(columns) )* <RPAREN>
    { return new ObjectStatement.CreateIndex(name, table, columns, unique, ifNotExists); }
}

void PandoIndexColumn(List<ObjectStatement.IndexColumn> columns) :
{
    final SqlIdentifier column;
    boolean descending = false;
}
{
    column = SimpleIdentifier()
    [ <ASC> | <DESC> { descending = true; } ]
    { columns.add(new ObjectStatement.IndexColumn(column, descending)); }
}

Statement PandoCreateView(boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    List<SqlIdentifier> columns = new ArrayList<SqlIdentifier>();
    final SqlNode query;
}
{
    ifNotExists = PandoIfNotExists()
    name = CompoundIdentifier()
    [ columns = PandoNames() ]
    <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { return new ObjectStatement.CreateView(name, replace, ifNotExists, columns, query); }
}

Statement PandoCreateSchema() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
}
{
    ifNotExists = PandoIfNotExists() name = SimpleIdentifier()
    { return new ObjectStatement.CreateSchema(name, ifNotExists); }
}

Statement PandoCreateSequence() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    int increment = 1;
}
{
    ifNotExists = PandoIfNotExists() name = CompoundIdentifier()
    [ <AS> <BIGINT> ]
    ( increment = PandoSequenceOption(increment) )*
    {
        if (increment < 1 || increment > KeyGenerator.BLOCK_REACH + 1) {
            throw new GrammarException(
                "the INCREMENT of a sequence is from 1 to " + (KeyGenerator.BLOCK_REACH + 1), name.getParserPosition());
        }
        return new ObjectStatement.CreateSequence(name, increment, ifNotExists);
    }
}

SqlNode PandoDrop() :
{
    final Span s;
    final ObjectStatement.Kind kind;
    final boolean ifExists;
    final boolean cascade;
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    <DROP> { s = span(); }
    kind = PandoKind()
    ifExists = PandoIfExists()
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    cascade = PandoCascade()
    { return new StatementNode(s.end(this), new ObjectStatement.Drop(kind, names, ifExists, cascade)); }
}

ObjectStatement.Kind PandoKind() :
{
}
{
    <TABLE> { return ObjectStatement.Kind.TABLE; }
|
    <VIEW> { return ObjectStatement.Kind.VIEW; }
|
    <INDEX> { return ObjectStatement.Kind.INDEX; }
|
    <SCHEMA> { return ObjectStatement.Kind.SCHEMA; }
|
    <SEQUENCE> { return ObjectStatement.Kind.SEQUENCE; }
|
    <USER> { return ObjectStatement.Kind.USER; }
}

SqlNode PandoComment() :
{
    final Span s;
    final ObjectStatement.Kind kind;
    final SqlIdentifier name;
    String text = null;
}
{
    <COMMENT> { s = span(); } <ON>
    (
        <TABLE> { kind = ObjectStatement.Kind.TABLE; }
    |
        <COLUMN> { kind = ObjectStatement.Kind.COLUMN; }
    )
    name = CompoundIdentifier() <IS> ( text = PandoText() | <NULL> )
    { return new StatementNode(s.end(this), new ObjectStatement.Comment(kind, name, text)); }
}
