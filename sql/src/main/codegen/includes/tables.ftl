<#-- CREATE, ALTER and TRUNCATE of tables; the head of CREATE, ALTER and DROP. -->

SqlNode PandoCreate() :
{
    final Span s;
    final Statement statement;
}
{
    <CREATE> { s = span(); }
    (
        <LOCAL> <TABLE> statement = PandoCreateTable(true)
    |
        <TABLE> statement = PandoCreateTable(false)
    |
        <UNIQUE> <INDEX> statement = PandoCreateIndex(true)
    |
        <INDEX> statement = PandoCreateIndex(false)
    |
        <OR> <REPLACE> <VIEW> statement = PandoCreateView(true)
    |
        <VIEW> statement = PandoCreateView(false)
    |
        <SCHEMA> statement = PandoCreateSchema()
    |
        <SEQUENCE> statement = PandoCreateSequence()
    |
        <USER> statement = PandoCreateUser()
    )
    { return new StatementNode(s.end(this), statement); }
}

Statement PandoCreateTable(boolean local) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final List<ColumnDefinition> columns = new ArrayList<ColumnDefinition>();
    final List<TableConstraint> constraints = new ArrayList<TableConstraint>();
    List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    SqlNode query = null;
    long generation = 0;
}
{
    ifNotExists = PandoIfNotExists()
    name = CompoundIdentifier()
    (
        LOOKAHEAD(<AS> | <LPAREN> SimpleIdentifier() ( <COMMA> | <RPAREN> ))
        [ names = PandoNames() ]
        <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    |
        <LPAREN> PandoTableElement(columns, constraints)
        ( <COMMA> PandoTableElement(columns, constraints) )*
        <RPAREN>
        [ <GENERATION> generation = PandoLong() ]
    )
    {
        return new TableStatement.CreateTable(
            name, local, ifNotExists, columns, constraints, generation, names, query);
    }
}

long PandoLong() :
{
}
{
    <UNSIGNED_INTEGER_LITERAL> {
        try {
            return Long.parseLong(token.image);
        } catch (NumberFormatException e) {
            throw new GrammarException("a number below 2^63 is expected", getPos());
        }
    }
}

void PandoTableElement(List<ColumnDefinition> columns, List<TableConstraint> constraints) :
{
    final ColumnDefinition column;
    final TableConstraint constraint;
}
{
    LOOKAHEAD(<CONSTRAINT> | <PRIMARY> <KEY> | <UNIQUE> | <CHECK> | <FOREIGN>)
    constraint = PandoTableConstraint() { constraints.add(constraint); }
|
    column = PandoColumn(constraints) { columns.add(column); }
}

ColumnDefinition PandoColumn(List<TableConstraint> constraints) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final ColumnBuilder column;
}
{
    name = SimpleIdentifier()
    type = DataType() { column = new ColumnBuilder(name, type); }
    ( PandoColumnOption(column, constraints) )*
    { return column.build(); }
}

void PandoColumnOption(ColumnBuilder column, List<TableConstraint> constraints) :
{
    SqlIdentifier name = null;
    final SqlNode value;
    final TableConstraint constraint;
    final ColumnDefinition.MergeRule rule;
}
{
    <NOT> <NULL> { column.nullable(false, getPos()); }
|
    <NULL> { column.nullable(true, getPos()); }
|
    <DEFAULT_> value = Expression(ExprContext.ACCEPT_NON_QUERY) { column.defaultValue(value, getPos()); }
|
    <COUNTER> { column.merge(ColumnDefinition.MergeRule.SUM, getPos()); }
|
    <MERGE> rule = PandoMergeRule() { column.merge(rule, getPos()); }
|
    <IDENTITY> [ PandoSequenceOptions() ] { column.identity(getPos()); }
|
    <AUTO_INCREMENT> { column.identity(getPos()); }
|
    <GENERATED> ( <ALWAYS> | <BY> <DEFAULT_> ) <AS> <IDENTITY> [ PandoSequenceOptions() ]
    { column.identity(getPos()); }
|
    [ <CONSTRAINT> name = SimpleIdentifier() ]
    constraint = PandoInlineConstraint(name, column) { constraints.add(constraint); }
}

ColumnDefinition.MergeRule PandoMergeRule() :
{
}
{
    <LAST> { return ColumnDefinition.MergeRule.LAST; }
|
    <SUM> { return ColumnDefinition.MergeRule.SUM; }
|
    <MAX> { return ColumnDefinition.MergeRule.MAX; }
|
    <MIN> { return ColumnDefinition.MergeRule.MIN; }
|
    <SET> { return ColumnDefinition.MergeRule.SET; }
}

void PandoSequenceOptions() :
{
    int increment = 1;
}
{
    <LPAREN> ( increment = PandoSequenceOption(increment) [ <COMMA> ] )+ <RPAREN>
    {
        if (increment != 1) {
            throw new GrammarException(
                "the numbers of an IDENTITY column have no INCREMENT, as no other node is asked for them;"
                    + " a client that counts on by itself takes CREATE SEQUENCE … INCREMENT BY " + increment,
                getPos());
        }
    }
}

<#-- Numbers are generated without coordination: where they start and step is read and has no meaning. -->
/* The increment so far, or the one that stands here. */
int PandoSequenceOption(int increment) :
{
    final int given;
}
{
    <START> [ <WITH> ] IntLiteral() { return increment; }
|
    <INCREMENT> [ <BY> ] given = IntLiteral() { return given; }
|
    <NO> ( <MINVALUE> | <MAXVALUE> | <CYCLE> ) { return increment; }
|
    ( <MINVALUE> | <MAXVALUE> ) IntLiteral() { return increment; }
}

TableConstraint PandoInlineConstraint(SqlIdentifier name, ColumnBuilder column) :
{
    final TableConstraint constraint;
}
{
    <PRIMARY> <KEY> { return new TableConstraint.PrimaryKey(name, column.self()); }
|
    <UNIQUE> { return new TableConstraint.Unique(name, column.self()); }
|
    constraint = PandoCheck(name) { return constraint; }
|
    constraint = PandoReferences(name, column.self()) { return constraint; }
}

TableConstraint PandoTableConstraint() :
{
    SqlIdentifier name = null;
    final List<SqlIdentifier> columns;
    final TableConstraint constraint;
}
{
    [ <CONSTRAINT> name = SimpleIdentifier() ]
    (
        <PRIMARY> <KEY> columns = PandoNames() { constraint = new TableConstraint.PrimaryKey(name, columns); }
    |
        <UNIQUE> columns = PandoNames() { constraint = new TableConstraint.Unique(name, columns); }
    |
        constraint = PandoCheck(name)
    |
        <FOREIGN> <KEY> columns = PandoNames() constraint = PandoReferences(name, columns)
    )
    { return constraint; }
}

TableConstraint PandoCheck(SqlIdentifier name) :
{
    final SqlNode condition;
}
{
    <CHECK> <LPAREN> condition = Expression(ExprContext.ACCEPT_NON_QUERY) <RPAREN>
    { return new TableConstraint.Check(name, condition); }
}

TableConstraint PandoReferences(SqlIdentifier name, List<SqlIdentifier> columns) :
{
    final SqlIdentifier target;
    List<SqlIdentifier> targetColumns = new ArrayList<SqlIdentifier>();
    TableConstraint.Action onDelete = TableConstraint.Action.NO_ACTION;
    TableConstraint.Action onUpdate = TableConstraint.Action.NO_ACTION;
}
{
    <REFERENCES> target = CompoundIdentifier()
    [ targetColumns = PandoNames() ]
    (
        LOOKAHEAD(2) <ON> <DELETE> onDelete = PandoAction()
    |
        <ON> <UPDATE> onUpdate = PandoAction()
    )*
    { return new TableConstraint.ForeignKey(name, columns, target, targetColumns, onDelete, onUpdate); }
}

TableConstraint.Action PandoAction() :
{
}
{
    <NO> <ACTION> { return TableConstraint.Action.NO_ACTION; }
|
    <RESTRICT> { return TableConstraint.Action.RESTRICT; }
|
    <CASCADE> { return TableConstraint.Action.CASCADE; }
|
    <SET>
    (
        <NULL> { return TableConstraint.Action.SET_NULL; }
    |
        <DEFAULT_> { return TableConstraint.Action.SET_DEFAULT; }
    )
}

SqlNode PandoAlter() :
{
    final Span s;
    final Statement statement;
}
{
    <ALTER> { s = span(); }
    (
        <TABLE> statement = PandoAlterTable()
    |
        <USER> statement = PandoAlterUser()
    |
        <SYSTEM> <SET> statement = PandoSetting(true)
    |
        <SESSION> <SET> statement = PandoSetting(false)
    )
    { return new StatementNode(s.end(this), statement); }
}

Statement PandoAlterTable() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final TableStatement.Change change;
}
{
    ifExists = PandoIfExists()
    name = CompoundIdentifier()
    (
        <ADD> change = PandoAlterAdd()
    |
        <DROP> change = PandoAlterDrop()
    |
        <RENAME> change = PandoAlterRename()
    |
        <ALTER> [ <COLUMN> ] change = PandoAlterColumn()
    )
    { return new TableStatement.AlterTable(name, ifExists, change); }
}

TableStatement.Change PandoAlterAdd() :
{
    final List<TableConstraint> constraints = new ArrayList<TableConstraint>();
    final TableConstraint constraint;
    final ColumnDefinition column;
    final boolean ifNotExists;
}
{
    LOOKAHEAD(<CONSTRAINT> | <PRIMARY> <KEY> | <UNIQUE> | <CHECK> | <FOREIGN>)
    constraint = PandoTableConstraint() { return new TableStatement.AddConstraint(constraint); }
|
    [ <COLUMN> ]
    ifNotExists = PandoIfNotExists()
    column = PandoColumn(constraints)
    { return new TableStatement.AddColumn(column, constraints, ifNotExists); }
}

TableStatement.Change PandoAlterDrop() :
{
    final boolean ifExists;
    final boolean cascade;
    final SqlIdentifier name;
}
{
    <CONSTRAINT> ifExists = PandoIfExists() name = SimpleIdentifier() PandoCascade()
    { return new TableStatement.DropConstraint(name, ifExists); }
|
    [ <COLUMN> ] ifExists = PandoIfExists() name = SimpleIdentifier() cascade = PandoCascade()
    { return new TableStatement.DropColumn(name, ifExists, cascade); }
}

TableStatement.Change PandoAlterRename() :
{
    final SqlIdentifier column;
    final SqlIdentifier name;
}
{
    <TO> name = SimpleIdentifier() { return new TableStatement.RenameTable(name); }
|
    [ <COLUMN> ] column = SimpleIdentifier() <TO> name = SimpleIdentifier()
    { return new TableStatement.RenameColumn(column, name); }
}

TableStatement.Change PandoAlterColumn() :
{
    final SqlIdentifier column;
    final SqlNode value;
    final SqlDataTypeSpec type;
}
{
    column = SimpleIdentifier()
    (
        LOOKAHEAD(2)
        <SET> <DEFAULT_> value = Expression(ExprContext.ACCEPT_NON_QUERY)
        { return new TableStatement.ColumnDefault(column, value); }
    |
        LOOKAHEAD(2)
        <SET> <NOT> <NULL> { return new TableStatement.ColumnNullable(column, false); }
    |
        <SET> <DATA> <TYPE> type = DataType() { return new TableStatement.ColumnType(column, type); }
    |
        <TYPE> type = DataType() { return new TableStatement.ColumnType(column, type); }
    |
        LOOKAHEAD(2)
        <DROP> <DEFAULT_> { return new TableStatement.ColumnDefault(column, null); }
    |
        <DROP> <NOT> <NULL> { return new TableStatement.ColumnNullable(column, true); }
    )
}

SqlNode PandoTruncate() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <TRUNCATE> { s = span(); } [ LOOKAHEAD(2) <TABLE> ] name = CompoundIdentifier()
    { return new StatementNode(s.end(this), new TableStatement.Truncate(name)); }
}
